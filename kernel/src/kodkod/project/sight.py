"""What one person sees of a scheme while they code blind or are checked."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.project.gold import GoldBook
from kodkod.project.tasks import TaskBook

__all__ = ["Sight"]


class Sight(Struct, frozen=True):
    """What a person sees of a scheme; `whole` for managers, from whom nothing is hidden."""

    book: TaskBook
    gold: GoldBook
    user_id: int
    whole: bool

    def hides(self, row: int) -> bool:
        """Tell whether what others said of a row is hidden."""
        if self.whole:
            return False
        return self.book.hidden(row, self.user_id) or self.gold.hidden(row, self.user_id)

    def veils(self, row: int) -> bool:
        """Tell whether predictions of a row are hidden."""
        return not self.whole and self.book.veiled(row, self.user_id)

    def hidden_rows(self, n_rows: int) -> NDArray[np.bool_]:
        """Tell of every row what `hides` tells of one, bool `[n_rows]`."""
        found = np.zeros(n_rows, dtype=np.bool_)
        if not self.whole:
            there = self.book.hidden_rows(self.user_id)[:n_rows]
            found[: len(there)] = there
            for row in self.gold.texts:
                if row < n_rows and self.gold.hidden(row, self.user_id):
                    found[row] = True
        return found

    def veiled_rows(self, n_rows: int) -> NDArray[np.bool_]:
        """Tell of every row what `veils` tells of one, bool `[n_rows]`."""
        found = np.zeros(n_rows, dtype=np.bool_)
        if not self.whole:
            there = self.book.veiled_rows(self.user_id)[:n_rows]
            found[: len(there)] = there
        return found

    @property
    def disguises(self) -> bool:
        """Tell whether it must not show which texts are gold."""
        return not self.whole and bool(self.gold.texts)

    @property
    def partial(self) -> bool:
        """Tell whether anything is hidden."""
        if self.whole:
            return False
        return self.book.blinds(self.user_id) or self.gold.blinds(self.user_id)
