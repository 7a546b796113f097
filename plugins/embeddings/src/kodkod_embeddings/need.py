"""How much of a graphics card's memory embeddings take; imports nothing heavy."""

from __future__ import annotations

from kodkod.api import ModelFacts, computes_half, estimate_mb, find_model_file, read_model_facts
from kodkod_embeddings.params import SentenceEmbeddingsParams, fitting_tokens

__all__ = ["embedding_mb"]


def embedding_mb(params: SentenceEmbeddingsParams) -> int:
    """Return the MB of a card that these params take at their peak.

    The model's files say how large it is, if they are on this machine: nothing is fetched. For
    another, a size in its name counts (`...-4B`), else it is taken to have 600 M parameters.
    """
    facts = read_model_facts(params.model, find_model_file(params.model, params.revision))
    tokens = params.batch_tokens or fitting_tokens(on_card=True)
    longest = min(facts.longest, params.max_length or facts.longest)
    # Either a text that fills a batch alone, or the longest of those that are padded together.
    paired = max(1, min(longest, tokens // 2))
    return max(
        _estimate(facts, batch=max(1, tokens // longest), length=longest),
        _estimate(facts, batch=max(1, tokens // paired), length=paired),
    )


def _estimate(facts: ModelFacts, *, batch: int, length: int) -> int:
    return estimate_mb(
        parameters=facts.parameters,
        batch=batch,
        length=length,
        hidden=facts.hidden,
        layers=facts.layers,
        intermediate=facts.intermediate,
        heads=facts.heads,
        fused_attention=facts.fused,
        bytes_per_weight=2 if computes_half() else 4,
    )
