"""Wrong predictions and suspected labels as the contract has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.jobs.beside import Beside, has_one_label
from kodkod.jobs.coding import Coding
from kodkod.project.mistakes import Mistakes
from kodkod.project.scheme import LiveScheme
from kodkod.web.evaluating import Doubts
from kodkod.web.evaluation_contract import SuspectedLabel, WrongPrediction

__all__ = ["suspected_label", "wrong_prediction"]


def wrong_prediction(
    scheme: LiveScheme, beside: Beside, cell: Mistakes, line: int
) -> WrongPrediction:
    """Show a line of a model's mistakes."""
    place = int(cell.places[line])
    row, labels = int(beside.rows[place]), beside.coding.labels
    if beside.spans is not None:
        predicted: Any = beside.spans[place]
    else:
        predicted = _value(labels, cell.said[line], beside.coding)
    return WrongPrediction(
        id=scheme.corpus.id_of(row),
        row=row,
        text=scheme.corpus.text_of(row),
        value=beside.coding.values[place],
        predicted=predicted,
        confidence=float(cell.confidence[line]),
        missed=_names(labels, cell.missed[line]),
        added=_names(labels, cell.added[line]),
    )


def suspected_label(scheme: LiveScheme, doubts: Doubts, place: int) -> SuspectedLabel:
    """Show a text whose value is doubted."""
    coding, row = doubts.coding, int(doubts.coding.rows[place])
    return SuspectedLabel(
        id=scheme.corpus.id_of(row),
        row=row,
        text=scheme.corpus.text_of(row),
        value=coding.values[place],
        suggested=_value(coding.labels, doubts.found.suggested[place], coding),
        score=float(doubts.found.quality[place]),
    )


def _value(labels: Sequence[str], chosen: NDArray[np.bool_], coding: Coding) -> str | list[str]:
    """Return what a line of a table says: a label's name, or those of several."""
    names = _names(labels, chosen)
    return names[0] if names and has_one_label(coding) else names


def _names(labels: Sequence[str], chosen: NDArray[np.bool_]) -> list[str]:
    return [labels[column] for column in np.flatnonzero(chosen).tolist()]
