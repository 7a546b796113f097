"""Samples: which rows, by what was said of them. The pool (`untagged`) is the board's matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError
from kodkod.project.codebooks import Codebooks
from kodkod.project.fold import SchemeFold
from kodkod.project.query import Sample
from kodkod.project.sight import Sight
from kodkod.store.labels import Label

__all__ = ["Belief", "names_of_columns", "row_test", "rows_said_of"]

Belief = Callable[[int], object | None]
"""What the guide's predictions say of a row, as a value; None where they say nothing."""


class Said(Protocol):
    """What samples are told by: what was said, and under which codebook."""

    @property
    def fold(self) -> SchemeFold:
        """What everybody has said."""
        ...

    @property
    def codebooks(self) -> Codebooks:
        """Which answers are called into question."""
        ...


def row_test(
    sample: Sample, said: Said, sight: Sight, users: Mapping[str, int], believed: Belief
) -> Callable[[int], bool]:
    """Return a test of whether a row is in the sample now, as far as the user may know.

    Of a row whose answers are hidden from the user nothing is said but their own: it is in no
    sample that would give the others away.

    Raises:
        InvalidInputError: the sample names a user who does not exist, or lacks its label.
    """
    test = _test(sample, said, sight, users, believed)
    if sample.kind in _TELL_NOTHING or not sight.partial:
        return test
    if sample.kind in {"untagged", "queue"}:
        return lambda row: sight.hides(row) or test(row)
    if sample.kind == "predicted_as":
        return lambda row: not sight.veils(row) and test(row)
    return lambda row: not sight.hides(row) and test(row)


_TELL_NOTHING = frozenset({"all", "not_by_me", "assigned"})


def _test(
    sample: Sample, said: Said, sight: Sight, users: Mapping[str, int], believed: Belief
) -> Callable[[int], bool]:
    user_id, book, fold = sight.user_id, sight.book, said.fold
    match sample.kind:
        case "untagged" | "queue":
            return lambda row: not fold.is_coded(row)
        case "assigned":
            return lambda row: book.waits(row, user_id)
        case "tagged":
            return _tagged(sample, fold, users)
        case "all":
            return lambda row: True
        case "not_by_me":
            return lambda row: user_id not in fold.voiced(row)
        case "commented":
            return lambda row: any(a.comment for a in fold.said_of(row))
        case "flagged":
            return lambda row: any(a.flagged for a in fold.said_of(row))
        case "disagreed":
            return lambda row: disagreement(fold, row) is True
        case "outdated":
            by = _user(sample, users)
            return lambda row: said.codebooks.is_outdated(row, by)
        case "predicted_as":
            if sample.label is None:
                raise InvalidInputError("The sample predicted_as needs a label.", field="label")
            wanted = sample.label
            return lambda row: _has_label(believed(row), wanted)
        case "prediction_differs":
            return lambda row: _differs(fold, believed, row)


def rows_said_of(sample: Sample, fold: SchemeFold, n_rows: int) -> NDArray[np.int64]:
    """Return the rows that can be in the sample at all: most samples are of answered rows."""
    if sample.kind in {"untagged", "queue", "assigned", "all", "not_by_me", "predicted_as"}:
        return np.arange(n_rows, dtype=np.int64)
    return np.array(sorted(fold.rows_said_of()), dtype=np.int64)


def _tagged(sample: Sample, fold: SchemeFold, users: Mapping[str, int]) -> Callable[[int], bool]:
    by = _user(sample, users)
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


def _user(sample: Sample, users: Mapping[str, int]) -> int | None:
    if sample.by is not None and sample.by not in users:
        raise InvalidInputError(f"There is no user {sample.by!r}.", field="by")
    return None if sample.by is None else users[sample.by]


def _has_label(value: object | None, label: str) -> bool:
    if isinstance(value, list):
        return any(getattr(each, "label", each) == label for each in value)
    return value == label


def disagreement(fold: SchemeFold, row: int) -> bool | None:
    """Tell whether those who coded a row disagree; None where fewer than two have."""
    values = [fold.value_of(answer) for answer in fold.answers.get(row, {}).values()]
    said = [value for value in values if value is not None]
    return any(value != said[0] for value in said[1:]) if len(said) > 1 else None


def _differs(fold: SchemeFold, believed: Belief, row: int) -> bool:
    predicted, given = believed(row), fold.value_of(fold.counted(row))
    return predicted is not None and given is not None and predicted != given


def names_of_columns(label_ids: Sequence[int], labels: Sequence[Label]) -> tuple[str, ...]:
    """Return the names of predictions' columns; a label that is no more shows its id."""
    names = {label.id: label.name for label in labels}
    return tuple(names.get(id_, f"#{id_}") for id_ in label_ids)
