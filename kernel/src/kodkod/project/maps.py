"""The maps of a corpus, mapped from their files: nothing is read before a region is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import structlog
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.project.regions import Region, inside
from kodkod.store.matrices import MatrixFolder
from kodkod.store.projections import ProjectionRow

__all__ = ["ROWS_FILE", "PointMap", "open_map", "open_maps"]

ROWS_FILE = "rows.npy"
"""Which rows the points are of, int64, ascending; absent where they are all rows in order."""

_log = structlog.get_logger("kodkod.project")


class PointMap(Struct, frozen=True, kw_only=True):
    """A projection: float32 `[m, 2]`, of the rows in `rows` (None: of rows 0 to m)."""

    id: str
    name: str
    points: NDArray[np.float32]
    rows: NDArray[np.int64] | None = None

    @property
    def key(self) -> str:
        """Return what changes when rows are added to it."""
        return f"{self.id}:{len(self.points)}"

    def within(self, region: Region, n_rows: int) -> NDArray[np.bool_]:
        """Return which of the corpus's rows lie in a region; one without a point does not.

        Raises:
            InvalidInputError: the region encloses nothing.
        """
        found = np.zeros(n_rows, dtype=np.bool_)
        lies = inside(self.points, region)
        rows = np.flatnonzero(lies) if self.rows is None else np.asarray(self.rows)[lies]
        found[rows[rows < n_rows]] = True
        return found


def open_maps(root: Path, rows: Sequence[ProjectionRow]) -> tuple[PointMap, ...]:
    """Map the projections in a project's folder; what is damaged is logged and left out."""
    found: list[PointMap] = []
    for row in rows:
        try:
            found.append(open_map(root, row))
        except (OSError, ValueError) as error:
            _log.warning("a projection cannot be read", projection=row.name, reason=str(error))
    return tuple(found)


def open_map(root: Path, row: ProjectionRow) -> PointMap:
    """Map a projection.

    Raises:
        OSError: a file is missing.
        ValueError: a file is damaged.
    """
    folder = root / "projections" / row.id
    return PointMap(
        id=row.id,
        name=row.name,
        points=MatrixFolder(folder).open_dense(),
        rows=None if row.split is None else np.load(folder / ROWS_FILE, mmap_mode="r"),
    )
