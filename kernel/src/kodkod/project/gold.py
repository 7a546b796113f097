"""Gold texts of one scheme in memory: what is right, who is asked when, what stays hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random, SystemRandom
from typing import Annotated

from msgspec import Meta, Struct

from kodkod.api import Value
from kodkod.project.fold import SchemeFold
from kodkod.store.gold import GoldText

__all__ = ["Checks", "GoldBook"]


class Checks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How gold texts are slipped in: on average one among `every` texts that somebody is given.

    With `feedback`, whoever answers one is told what was right; else nobody is told anything.
    Attention checks are silent in any case.
    """

    every: Annotated[int, Meta(ge=2, le=1000)] = 20
    feedback: bool = False


class GoldBook:
    """The gold texts. What is right is the adjudication of a text; without one it is no gold.

    Chance decides when, so that nobody can count up to the next.
    """

    def __init__(
        self,
        texts: Iterable[GoldText],
        checks: Checks | None,
        fold: SchemeFold,
        rng: Random | None = None,
    ) -> None:
        self.texts = {text.row: text for text in texts}
        self.checks = checks
        self._fold = fold
        self._rng = rng or SystemRandom()

    def right(self, row: int) -> Value | None:
        """Return the known answer to a gold text; None where there is none (any more)."""
        if row not in self.texts or row >= self._fold.n_rows or not self._fold.decided[row]:
            return None
        return self._fold.value_of(self._fold.counted(row))

    def hidden(self, row: int, user_id: int) -> bool:
        """Tell whether what others said of a row, the known answer first, is kept from a user."""
        text = self.texts.get(row)
        if text is None:
            return False
        return not self._tells(text) or user_id not in self._fold.voiced(row)

    def blinds(self, user_id: int) -> bool:
        """Tell whether anything is kept from a user."""
        return any(self.hidden(row, user_id) for row in self.texts)

    def tells(self, row: int) -> bool:
        """Tell whether whoever answers a row learns what was right."""
        text = self.texts.get(row)
        return text is not None and self._tells(text)

    def _tells(self, text: GoldText) -> bool:
        return self.checks is not None and self.checks.feedback and not text.attention

    def due(self, user_id: int, free: Callable[[int], bool]) -> int | None:
        """Return the gold text that a user is given now in place of another, or None.

        `free` tells whether a row may be given to the user: not held, not skipped.
        """
        if self.checks is None or self._rng.random() * self.checks.every >= 1:
            return None
        waiting = [row for row in self.texts if self._waits(row, user_id) and free(row)]
        return self._rng.choice(waiting) if waiting else None

    def _waits(self, row: int, user_id: int) -> bool:
        if self.right(row) is None or user_id in self._fold.adjudications.get(row, ()):
            return False
        return user_id not in self._fold.voiced(row)
