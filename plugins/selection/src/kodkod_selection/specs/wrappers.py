"""Strategies that change another one's order."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import StrategySpec
from kodkod_selection.balanced import BalancedParams
from kodkod_selection.mixed import MixedParams
from kodkod_selection.rare import RareMixParams
from kodkod_selection.varied import VariedParams

__all__ = ["wrappers"]


def wrappers() -> Iterable[StrategySpec]:
    """Declare them."""
    yield StrategySpec(
        name="varied",
        title="Without near copies",
        summary="Another strategy's order, near copies of earlier texts pushed back",
        factory="kodkod_selection.varied:Varied",
        params=VariedParams,
        needs=("base", "embeddings"),
        uses=("labelled", "probabilities", "candidates"),
    )
    yield StrategySpec(
        name="mixed",
        title="With random texts",
        summary="Another strategy's order with a share of random texts; estimates stay valid",
        factory="kodkod_selection.mixed:Mixed",
        params=MixedParams,
        needs=("base",),
        uses=("probabilities", "candidates"),
        explores="explore",
    )
    yield StrategySpec(
        name="balanced",
        title="Labels in turn",
        summary="Another strategy's order, texts predicted as the rarest label so far first",
        factory="kodkod_selection.balanced:Balanced",
        params=BalancedParams,
        needs=("base", "probabilities", "labelled"),
        uses=("candidates",),
    )
    yield StrategySpec(
        name="rare-mix",
        title="With likely rare ones",
        summary="Another strategy's order with a share of texts likely to have a rare label",
        factory="kodkod_selection.rare:RareMix",
        params=RareMixParams,
        needs=("base", "probabilities", "labelled"),
        uses=("candidates",),
    )
