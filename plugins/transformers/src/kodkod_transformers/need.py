"""How much of a card's memory fine-tuning takes. Importing this imports nothing heavy."""

from __future__ import annotations

from kodkod.api import ModelFacts, computes_half, estimate_mb, find_model_file, read_model_facts
from kodkod_transformers.encoder_params import EncoderParams
from kodkod_transformers.few_shot_params import FewShotParams
from kodkod_transformers.tuned_embeddings_params import FineTunedEmbeddingsParams

__all__ = ["encoder_mb", "few_shot_mb", "tuned_embeddings_mb"]


def encoder_mb(params: EncoderParams) -> int:
    """Return the MB of a card that these params take at their peak.

    The model's files say how large it is, if they are on this machine: nothing is fetched.
    Weights are kept in float32, beside which autocast has half-precision copies.
    """
    facts = read_model_facts(params.model, find_model_file(params.model, params.revision))
    longest = min(facts.longest, params.max_length or facts.longest, params.batch_tokens)
    half = params.precision == "auto" and computes_half()
    texts = max(1, min(params.batch_size * params.accumulation, params.batch_tokens // longest))
    layers = max(facts.layers - params.frozen_layers, 1)
    trained = facts.parameters
    if params.lora_rank:
        # Two matrices for each of about seven linear layers in a block.
        trained = facts.layers * 2 * params.lora_rank * (5 * facts.hidden + 2 * facts.intermediate)
    elif params.frozen_layers:
        trained = facts.parameters * layers // (facts.layers + 1)
    return (
        estimate_mb(
            parameters=facts.parameters,
            batch=texts,
            length=longest,
            hidden=facts.hidden,
            layers=layers,
            training=True,
            # Autocast keeps the float32 weights beside the half-precision ones it computes with.
            bytes_per_weight=2 if half else 4,
            trainable=trained,
            intermediate=facts.intermediate,
            heads=facts.heads,
            fused_attention=facts.fused,
            checkpointing=params.gradient_checkpointing,
        )
        + (facts.parameters * 4 * (half and trained < facts.parameters)) // 2**20
    )


def few_shot_mb(params: FewShotParams) -> int:
    """Return the MB of a card that contrastive fine-tuning takes: two texts for each pair."""
    return encoder_mb(
        EncoderParams(
            model=params.model,
            revision=params.revision,
            max_length=params.max_length,
            batch_size=2 * params.batch_size,
            batch_tokens=params.batch_tokens,
        )
    )


def tuned_embeddings_mb(params: FineTunedEmbeddingsParams) -> int:
    """Return the MB of a card for a large encoder, since the project's model is not known here."""
    facts = ModelFacts()
    return estimate_mb(
        parameters=facts.parameters,
        batch=max(1, params.batch_tokens // 512),
        length=min(512, params.batch_tokens),
        hidden=facts.hidden,
        layers=facts.layers,
        intermediate=facts.intermediate,
        heads=facts.heads,
        bytes_per_weight=2 if computes_half() else 4,
    )
