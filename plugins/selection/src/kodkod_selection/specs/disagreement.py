"""Where several models, an LLM or annotators are not of one mind."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import StrategySpec
from kodkod_selection.committee import CommitteeParams
from kodkod_selection.label_errors import LabelErrorsParams

__all__ = ["disagreement"]


def disagreement() -> Iterable[StrategySpec]:
    """Declare committees, the LLM against the guide, and the guide against given labels."""
    yield StrategySpec(
        name="committee",
        title="Models disagree (committee)",
        summary="Texts over which the project's quick models disagree",
        factory="kodkod_selection.committee:Committee",
        params=CommitteeParams,
        needs=("committee",),
    )
    yield StrategySpec(
        name="bald",
        title="Tells the models apart (BALD)",
        summary="Texts whose label would tell most about which of the quick models is right",
        factory="kodkod_selection.bald:Bald",
        needs=("committee",),
    )
    yield StrategySpec(
        name="llm-disagreement",
        title="LLM against guide",
        summary="Texts that the LLM and the guide judge most differently",
        factory="kodkod_selection.llm_disagreement:LlmDisagreement",
        needs=("probabilities", "llm"),
    )
    yield StrategySpec(
        name="label-errors",
        title="Likely mistakes",
        summary="Labelled texts whose label is probably wrong, for review",
        factory="kodkod_selection.label_errors:LabelErrors",
        params=LabelErrorsParams,
        needs=("probabilities", "labelled"),
        uses=("held_out",),
    )
