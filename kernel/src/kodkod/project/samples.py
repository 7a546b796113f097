"""Samples: which rows, by what was said of them. The pool (`untagged`) is the board's matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError
from kodkod.project.fold import SchemeFold
from kodkod.project.query import Sample
from kodkod.store.projects import Label

__all__ = ["Belief", "names_of_columns", "row_test", "rows_said_of"]

Belief = Callable[[int], object | None]
"""What the guide's predictions say of a row, as a value; None where they say nothing."""


def row_test(
    sample: Sample, fold: SchemeFold, user_id: int, users: Mapping[str, int], believed: Belief
) -> Callable[[int], bool]:
    """Return a test of whether a row is in the sample now.

    Raises:
        InvalidInputError: the sample names a user who does not exist, or lacks its label.
    """
    match sample.kind:
        case "untagged":
            return lambda row: not fold.is_coded(row)
        case "tagged":
            return _tagged(sample, fold, users)
        case "all":
            return lambda row: True
        case "not_by_me":
            return lambda row: user_id not in fold.voiced(row)
        case "commented":
            return lambda row: any(a.comment for a in fold.said_of(row))
        case "disagreed":
            return lambda row: _disagree(fold, row)
        case "predicted_as":
            if sample.label is None:
                raise InvalidInputError("The sample predicted_as needs a label.", field="label")
            wanted = sample.label
            return lambda row: _has_label(believed(row), wanted)
        case "prediction_differs":
            return lambda row: _differs(fold, believed, row)


def rows_said_of(sample: Sample, fold: SchemeFold, n_rows: int) -> NDArray[np.int64]:
    """Return the rows that can be in the sample at all: most samples are of answered rows."""
    if sample.kind in {"untagged", "all", "not_by_me", "predicted_as"}:
        return np.arange(n_rows, dtype=np.int64)
    return np.array(sorted(fold.rows_said_of()), dtype=np.int64)


def _tagged(sample: Sample, fold: SchemeFold, users: Mapping[str, int]) -> Callable[[int], bool]:
    if sample.by is not None and sample.by not in users:
        raise InvalidInputError(f"There is no user {sample.by!r}.", field="by")
    by = users[sample.by] if sample.by is not None else None
    wanted = set(sample.labels)

    def test(row: int) -> bool:
        for answer in fold.said_of(row):
            if by is not None and answer.user_id != by:
                continue
            value = fold.value_of(answer)
            if value is None:
                continue
            if not wanted or any(_has_label(value, label) for label in wanted):
                return True
        return False

    return test


def _has_label(value: object | None, label: str) -> bool:
    if isinstance(value, list):
        return any(getattr(each, "label", each) == label for each in value)
    return value == label


def _disagree(fold: SchemeFold, row: int) -> bool:
    values = [fold.value_of(answer) for answer in fold.answers.get(row, {}).values()]
    said = [value for value in values if value is not None]
    return any(value != said[0] for value in said[1:])


def _differs(fold: SchemeFold, believed: Belief, row: int) -> bool:
    predicted, given = believed(row), fold.value_of(fold.counted(row))
    return predicted is not None and given is not None and predicted != given


def names_of_columns(label_ids: Sequence[int], labels: Sequence[Label]) -> tuple[str, ...]:
    """Return the names of predictions' columns; a label that is no more shows its id."""
    names = {label.id: label.name for label in labels}
    return tuple(names.get(id_, f"#{id_}") for id_ in label_ids)
