"""What every table that is read must have: named columns and rows."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from kodkod.api import ImportProblemError

__all__ = ["check_names", "has_rows"]


def check_names(names: Sequence[str], *, line: int | None = None) -> None:
    """Refuse empty and repeated names of columns.

    Raises:
        ImportProblemError: naming the column, counted from 1, and the remedy.
    """
    for position, name in enumerate(names, start=1):
        if not name.strip():
            raise ImportProblemError(
                f"Column {position} has no name in the header. Name it, or delete the column.",
                line=line,
            )
    for name, count in Counter(names).items():
        if count > 1:
            places = [str(i) for i, other in enumerate(names, start=1) if other == name]
            raise ImportProblemError(
                f"{count} columns are called {name!r} (columns {', '.join(places)}). "
                "Give each column a name of its own.",
                line=line,
                column=name,
            )


def has_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame`.

    Raises:
        ImportProblemError: it has no row.
    """
    if frame.height == 0:
        raise ImportProblemError(
            "The file names its columns but has no rows. Choose a file with at least one text."
        )
    return frame
