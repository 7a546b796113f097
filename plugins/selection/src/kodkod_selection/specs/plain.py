"""Orders that need no model."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import StrategySpec
from kodkod_selection.similar import SimilarParams

__all__ = ["plain"]


def plain() -> Iterable[StrategySpec]:
    """Declare what works from the first text on."""
    yield StrategySpec(
        name="deterministic",
        title="In order",
        summary="As the file has them, from the first text to the last",
        factory="kodkod_selection.plain:Deterministic",
    )
    yield StrategySpec(
        name="random",
        title="At random",
        summary="Every text with the same chance; the base of unbiased estimates",
        factory="kodkod_selection.plain:Random",
        uniform=True,
    )
    yield StrategySpec(
        name="similar",
        title="Like a text",
        summary="Texts most like a sentence or an example that you give; finds the first of a kind",
        factory="kodkod_selection.similar:Similar",
        params=SimilarParams,
        needs=("embeddings",),
        uses=("query",),
    )
