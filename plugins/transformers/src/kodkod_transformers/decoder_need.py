"""How much of a card's memory a decoder takes. Importing this imports nothing heavy."""

from __future__ import annotations

from importlib.util import find_spec

from kodkod.api import ModelFacts, computes_half, estimate_mb, find_model_file, read_model_facts
from kodkod_transformers.decoder_params import DecoderParams

__all__ = ["decoder_mb"]

_NF4_BYTES = 0.6
"""Of a weight in 4 bits with its scales; embeddings and norms, which keep 16, included."""


def decoder_mb(params: DecoderParams) -> int:
    """Return the MB of a card that fine-tuning takes at its peak.

    The decoder's files say how large it is, if they are on this machine: nothing is fetched. For
    another, a size in its name counts (`...-4B`).
    """
    facts = read_model_facts(params.model, find_model_file(params.model, params.revision))
    longest = min(facts.longest, params.max_length or facts.longest, params.batch_tokens)
    texts = max(1, min(params.batch_size, params.batch_tokens // longest))
    return estimate_mb(
        parameters=facts.parameters,
        batch=texts,
        length=longest,
        hidden=facts.hidden,
        layers=facts.layers,
        training=True,
        bytes_per_weight=_bytes_per_weight(params),
        lora=bool(params.lora_rank),
        trainable=_trainable(facts, params.lora_rank) if params.lora_rank else None,
        intermediate=facts.intermediate,
        heads=facts.heads,
        fused_attention=facts.fused,
        checkpointing=params.gradient_checkpointing,
    )


def _bytes_per_weight(params: DecoderParams) -> float:
    half = params.precision == "auto" and computes_half()
    if not params.lora_rank:
        return 2 if half else 4
    if params.quantise == "always" or (params.quantise == "auto" and find_spec("bitsandbytes")):
        return _NF4_BYTES
    return 2 if half else 4


def _trainable(facts: ModelFacts, rank: int) -> int:
    """Return at least as many as LoRA trains: two matrices for each of seven linear layers."""
    return facts.layers * rank * (11 * facts.hidden + 3 * facts.intermediate)
