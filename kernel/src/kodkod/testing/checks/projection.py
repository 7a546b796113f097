"""Promises of projections."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, Matrix, Projection
from kodkod.testing.checks.learning import require_cancellable, require_progress
from kodkod.testing.material import make_features
from kodkod.testing.recording import RecordingContext
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_N = 60
_MATRIX = make_features(_N)
_OTHERS = make_features(9, seed=1)
_FEW = (1, 2, 3, 10)
_CLOSE = 1e-3
"""As a share of the map's width."""


def gives_points(subject: Subject) -> None:
    """Float32 `[n, 2]`, finite, of what was learnt from and of other rows."""
    projection, points = _fitted(subject)
    _require_points(points, _N)
    _require_points(projection.transform(_OTHERS, subject.context()), len(_OTHERS))


def same_seed_same_map(subject: Subject) -> None:
    """Two runs with one seed agree."""
    (_, one), (_, two) = _fitted(subject), _fitted(subject)
    _require_same(two, one, "two runs with one seed give the same map")


def what_was_learnt_from_stays(subject: Subject) -> None:
    """A row that was learnt from is placed where it was put."""
    projection, points = _fitted(subject)
    again = projection.transform(_MATRIX, subject.context())
    _require_same(again, points, "transform puts a row where fit put it")


def row_alone(subject: Subject) -> None:
    """A row's point does not depend on the rows beside it."""
    projection, points = _fitted(subject)
    together = projection.transform(_OTHERS, subject.context())
    for i in (0, len(_OTHERS) - 1):
        alone = projection.transform(_OTHERS[i : i + 1], subject.context())
        _require_same(alone, together[i : i + 1], "a row is placed alone as with others", points)


def sparse_rows(subject: Subject) -> None:
    """CSR is taken as well."""
    projection: Projection = subject.build()
    points = projection.fit(_sparse(_MATRIX), subject.context())
    _require_points(points, _N)
    _require_points(projection.transform(_sparse(_OTHERS), subject.context()), len(_OTHERS))


def few_rows(subject: Subject) -> None:
    """Of one row, or a few, there is a map, or a refusal that says what to do; of none none."""
    for n in _FEW:
        try:
            points = cast("Projection", subject.build()).fit(_MATRIX[:n], subject.context())
        except InvalidInputError as error:
            require(";" in error.message, "a refusal says what to do, after a semicolon")
        else:
            _require_points(points, n)
    try:
        subject.build().fit(_MATRIX[:0], subject.context())
    except InvalidInputError:
        pass
    else:
        require(False, "of no rows no map is made: raise InvalidInputError")
    nothing = _fitted(subject)[0].transform(_MATRIX[:0], subject.context())
    require(nothing.shape == (0, 2), f"no rows give (0, 2), not {nothing.shape}")


def hostile_rows(subject: Subject) -> None:
    """Rows that are all the same have points; a row that is not finite has NaN, and no other."""
    same = np.repeat(_MATRIX[:1], 30, axis=0)
    _require_points(cast("Projection", subject.build()).fit(same, subject.context()), 30)
    zeros = np.zeros_like(_MATRIX)
    _require_points(cast("Projection", subject.build()).fit(zeros, subject.context()), _N)
    broken = _MATRIX.copy()
    broken[3, 2], broken[8, 0] = np.nan, np.inf
    points = cast("Projection", subject.build()).fit(broken, subject.context())
    lost = np.flatnonzero(np.isnan(points).any(axis=1)).tolist()
    require(lost == [3, 8], f"rows that are not finite, and only those, have no point: {lost}")


def other_width(subject: Subject) -> None:
    """Rows of another width are refused."""
    try:
        _fitted(subject)[0].transform(_OTHERS[:, :5], subject.context())
    except InvalidInputError:
        return
    require(False, "rows of another width are refused with InvalidInputError")


def save_and_load(subject: Subject) -> None:
    """Loaded from another folder, it places rows as before."""
    projection, points = _fitted(subject)
    before = projection.transform(_OTHERS, subject.context())
    again = cast("Projection", subject.reloaded(projection))
    _require_same(again.transform(_OTHERS, subject.context()), before, "loaded as saved", points)


def tells_progress(subject: Subject) -> None:
    """Heavy work tells how far it is."""
    require_progress(subject, lambda ctx: _work(subject, ctx), "fit or transform")


def can_be_cancelled(subject: Subject) -> None:
    """`Cancelled` comes through."""
    require_cancellable(subject, lambda ctx: _work(subject, ctx), "fit and transform")


def _work(subject: Subject, ctx: RecordingContext) -> None:
    projection: Projection = subject.build()
    projection.fit(_MATRIX, ctx)
    projection.transform(_OTHERS, ctx)


def _fitted(subject: Subject) -> tuple[Projection, NDArray[np.float32]]:
    projection: Projection = subject.build()
    return projection, projection.fit(_MATRIX, subject.context())


def _sparse(matrix: NDArray[np.float32]) -> Matrix:
    from scipy.sparse import csr_matrix

    return cast("Any", csr_matrix)(matrix)


def _require_points(points: NDArray[np.float32], n: int) -> None:
    require(points.dtype == np.float32, f"points are float32, not {points.dtype}")
    require(points.shape == (n, 2), f"one point a row, ({n}, 2), not {points.shape}")
    require(bool(np.isfinite(points).all()), "points are finite")


def _require_same(
    points: NDArray[np.float32],
    expected: NDArray[np.float32],
    promise: str,
    on: NDArray[np.float32] | None = None,
) -> None:
    wide = float(np.ptp(expected if on is None else on, axis=0).max())
    apart = float(np.abs(points - expected).max())
    require(apart <= _CLOSE * max(wide, 1e-6), f"{promise}: {apart} apart on a map {wide} wide")


CHECKS = (
    gives_points,
    same_seed_same_map,
    what_was_learnt_from_stays,
    row_alone,
    sparse_rows,
    few_rows,
    hostile_rows,
    other_width,
    save_and_load,
    tells_progress,
    can_be_cancelled,
)
