"""What the versions of a codebook mean for answers that were given before them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from kodkod.api import InvalidInputError, SchemeType
from kodkod.project.coding import Coder
from kodkod.project.fold import Answer, SchemeFold, said_by_people
from kodkod.store.codebooks import Affects, CodebookMark, number_at

__all__ = ["Codebooks", "affected_ids"]


class Codebooks:
    """The versions of one scheme's codebook, and which answers they call into question."""

    def __init__(
        self, marks: Sequence[CodebookMark], scheme_type: SchemeType, fold: SchemeFold
    ) -> None:
        self._marks = marks
        self._telling = [mark for mark in marks if mark.affects is not None]
        self._type = scheme_type
        self._fold = fold

    @property
    def newest(self) -> int:
        """Return the number of the version that is in force, 0 where none was kept."""
        return self._marks[-1].number if self._marks else 0

    def number(self, seq: int) -> int | None:
        """Return the number of the version that an entry of the log was made under."""
        return number_at(self._marks, seq)

    def outdated(self, answer: Answer) -> bool:
        """Tell whether a later version changed what somebody's labels mean.

        Whoever says it again, the same or something else, has said it under the new version.
        """
        if not self._telling or self._telling[-1].seq < answer.seq or not said_by_people(answer):
            return False
        value, coder = self._fold.value_of(answer), self._fold.coder
        if value is None or coder is None:
            return False
        said = set(self._type.labels_of(value))
        for mark in reversed(self._telling):
            if mark.seq < answer.seq:
                return False
            if mark.affects == "all":
                return True
            if any(coder.name_of(label_id) in said for label_id in mark.affects or ()):
                return True
        return False

    def is_outdated(self, row: int, user_id: int | None = None) -> bool:
        """Tell whether an answer to a row, or one of this user's, is called into question."""
        if not self._telling:
            return False
        return any(
            self.outdated(answer)
            for answer in self._fold.said_of(row)
            if user_id is None or answer.user_id == user_id
        )


def affected_ids(coder: Coder, affects: tuple[str, ...] | Literal["all"] | None) -> Affects:
    """Return the ids of the labels whose meaning a version changes.

    Raises:
        InvalidInputError: the scheme has no such label.
    """
    if affects is None or isinstance(affects, str):
        return affects
    known = dict(zip(coder.names, coder.ids, strict=True))
    missing = [name for name in affects if name not in known]
    if missing:
        raise InvalidInputError(
            f"There is no label {missing[0]!r}; there are {', '.join(map(repr, known)) or 'none'}.",
            field="affects",
        )
    return tuple(known[name] for name in dict.fromkeys(affects)) or None
