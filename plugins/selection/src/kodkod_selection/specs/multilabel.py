"""Orders for schemes in which a text may have several labels."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import StrategySpec
from kodkod_selection.adaptive import AdaptiveParams
from kodkod_selection.cvirs import CvirsParams
from kodkod_selection.label_cardinality import LabelCardinalityParams

__all__ = ["multilabel"]

SEVERAL = ("multilabel",)


def multilabel() -> Iterable[StrategySpec]:
    """Declare what compares sets of labels."""
    yield StrategySpec(
        name="label-cardinality",
        title="Odd number of labels",
        summary="Texts with more or fewer predicted labels than labelled texts have",
        factory="kodkod_selection.label_cardinality:LabelCardinality",
        params=LabelCardinalityParams,
        needs=("probabilities", "labelled"),
        scheme_types=SEVERAL,
    )
    yield StrategySpec(
        name="adaptive-multilabel",
        title="Undecided or odd sets (adaptive)",
        summary="Texts whose set of labels is unclear or of odd size, weighed by what that teaches",
        factory="kodkod_selection.adaptive:Adaptive",
        params=AdaptiveParams,
        needs=("probabilities", "labelled"),
        uses=("embeddings", "candidates"),
        scheme_types=SEVERAL,
    )
    yield StrategySpec(
        name="cvirs",
        title="Undecided and unusual sets (CVIRS)",
        summary="Texts undecided for many labels whose set of labels is unlike those given",
        factory="kodkod_selection.cvirs:Cvirs",
        params=CvirsParams,
        needs=("probabilities", "labelled"),
        uses=("candidates",),
        scheme_types=SEVERAL,
    )
