"""How large a sheet makes itself, found without building it.

A reader of workbooks allocates every cell between a sheet's first and last, so two cells in
opposite corners, a file of 5 kB, take 500 GB. The references of cells and rows are therefore
looked at in the raw XML first.
"""

import re

__all__ = ["SheetExtent"]

# No word boundary before the r: it would make the search six times slower, and a longer name that
# ends so can only make the extent come out too large.
REFERENCE = re.compile(rb"""r\s*=\s*["']\s*([A-Za-z]{0,4})(\d{1,9})""")
ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
UNPLACED_ROW = re.compile(rb"""<(?:[\w.-]+:)?row(?=[\s/>])(?![^<>]*\sr\s*=)""")
UNPLACED_CELL = re.compile(rb"""<(?:[\w.-]+:)?c(?=[\s/>])(?![^<>]*\sr\s*=)""")


class SheetExtent:
    """Takes a sheet's XML block by block; `rows` and `columns` never come out too small."""

    def __init__(self) -> None:
        self._last_row = 0
        self._unplaced_rows = 0
        self._last_column = 0
        self._run = 0
        self._longest_run = 0
        self._carry = b""

    @property
    def rows(self) -> int:
        """The last row in use; rows without a number follow the one before them."""
        return self._last_row + self._unplaced_rows

    @property
    def columns(self) -> int:
        """The last column in use; cells without a reference follow the one before them."""
        return self._last_column + self._longest_run

    def feed(self, block: bytes) -> None:
        """Look at the next block. A tag cut by the block's end waits for the rest of it."""
        data = self._carry + block
        cut = data.rfind(b"<")
        self._carry = data[cut:] if cut >= 0 else b""
        self._look(data[:cut] if cut >= 0 else data)

    def finish(self) -> None:
        """Look at what is left."""
        self._look(self._carry)
        self._carry = b""

    def _look(self, xml: bytes) -> None:
        references = REFERENCE.findall(xml)
        if references:
            columns, rows = zip(*references, strict=True)
            self._last_row = max(self._last_row, *map(int, set(rows)))
            self._last_column = max(self._last_column, *map(_column, set(columns)))
        self._unplaced_rows += len(UNPLACED_ROW.findall(xml))
        if UNPLACED_CELL.search(xml) is None:
            if ROW.search(xml):
                self._run = 0
            return
        for i, stretch in enumerate(ROW.split(xml)):
            found = len(UNPLACED_CELL.findall(stretch))
            self._run = found + (self._run if i == 0 else 0)
            self._longest_run = max(self._longest_run, self._run)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
