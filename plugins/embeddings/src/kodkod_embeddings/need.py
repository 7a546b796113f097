"""How much of a graphics card's memory embeddings take; imports nothing heavy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kodkod.api import InvalidInputError, computes_half, estimate_mb
from kodkod_embeddings.facts import ModelFacts, read_facts
from kodkod_embeddings.locate import allowed_roots, locate
from kodkod_embeddings.params import SentenceEmbeddingsParams

__all__ = ["embedding_mb"]


def embedding_mb(params: SentenceEmbeddingsParams) -> int:
    """Return the MB of a card that these params take at their peak.

    The model's files say how large it is, if they are on this machine: nothing is fetched. For
    another, a size in its name counts (`...-4B`), else it is taken to have 600 M parameters.
    """
    facts = read_facts(params.model, _finder(params))
    longest = min(facts.longest, params.max_length or facts.longest)
    # Either a text that fills a batch alone, or the longest of those that are padded together.
    paired = max(1, min(longest, params.batch_tokens // 2))
    return max(
        _estimate(facts, batch=max(1, params.batch_tokens // longest), length=longest),
        _estimate(facts, batch=max(1, params.batch_tokens // paired), length=paired),
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


def _finder(params: SentenceEmbeddingsParams) -> Callable[[str], Path | None]:
    """Return what finds a file of the model, in its folder or in the hub's cache."""
    try:
        where = locate(params.model, allowed_roots())
    except InvalidInputError:
        # The job will say it better.
        return lambda _: None
    if isinstance(where, Path):
        return lambda name: where / name
    return lambda name: _cached(where, name, params.revision)


def _cached(model: str, name: str, revision: str | None) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(model, name, revision=revision)
    return Path(found) if isinstance(found, str) else None
