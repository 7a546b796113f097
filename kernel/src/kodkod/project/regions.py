"""A region of a map: which points lie inside a box or a polygon."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError

__all__ = ["Region", "check_region", "inside"]


class Region(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Texts by where they lie on a projection (its id or name): in a box, or in a polygon.

    `box` is (least x, least y, greatest x, greatest y); `polygon` has its corners in order, the
    last joined to the first. Where it crosses itself, what is enclosed twice is outside.
    """

    projection: str
    box: tuple[float, float, float, float] | None = None
    polygon: Annotated[tuple[tuple[float, float], ...], Meta(max_length=1000)] | None = None


def check_region(region: Region) -> None:
    """See that a region encloses something.

    Raises:
        InvalidInputError: it has no box and no polygon, or both, or fewer than three corners.
    """
    if (region.box is None) == (region.polygon is None):
        raise InvalidInputError(
            "A region needs a box or a polygon, and not both.", field="filter.region"
        )
    if region.polygon is not None and len(region.polygon) < 3:
        raise InvalidInputError(
            "A polygon needs three corners or more.", field="filter.region.polygon"
        )
    if region.box is not None and not (
        region.box[0] <= region.box[2] and region.box[1] <= region.box[3]
    ):
        raise InvalidInputError(
            "A box is (least x, least y, greatest x, greatest y).", field="filter.region.box"
        )


def inside(points: NDArray[np.float32], region: Region) -> NDArray[np.bool_]:
    """Return which of `[n, 2]` points lie in a region; edges of a box are inside, NaN is not.

    Raises:
        InvalidInputError: the region encloses nothing.
    """
    check_region(region)
    corners = np.array(region.polygon or _corners(region.box or (0, 0, 0, 0)), dtype=np.float64)
    (left, low), (right, high) = corners.min(axis=0), corners.max(axis=0)
    x, y = points[:, 0], points[:, 1]
    found = (x >= left) & (x <= right) & (y >= low) & (y <= high)
    if region.polygon is not None:
        near = np.flatnonzero(found)
        found[near] = _crossings(np.asarray(points[near], dtype=np.float64), corners)
    return found


def _corners(box: tuple[float, float, float, float]) -> tuple[tuple[float, float], ...]:
    return ((box[0], box[1]), (box[2], box[3]))


def _crossings(points: NDArray[np.float64], corners: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell for which points a ray to the right crosses the edges an odd number of times."""
    x, y = points[:, 0], points[:, 1]
    odd = np.zeros(len(points), dtype=np.bool_)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        spans = (y1 > y) != (y2 > y)
        odd ^= spans & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return odd
