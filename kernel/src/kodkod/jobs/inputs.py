"""What models read: features side by side, rows at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Feature, InvalidInputError, JobContext, Matrix, TextBatch
from kodkod.jobs.workspace import Workspace
from kodkod.store.artefacts import FeatureRow, list_features
from kodkod.store.matrices import MatrixFolder
from kodkod.store.projects import Project

__all__ = [
    "FittedFeatures",
    "JoinedFeatures",
    "find_features",
    "load_features",
    "open_features",
]


class JoinedFeatures:
    """Some features of a project as one matrix. `n_rows` is how many rows all of them cover."""

    def __init__(self, matrices: Sequence[Matrix]) -> None:
        self._matrices = matrices
        self.n_rows = min(cast("tuple[int, int]", each.shape)[0] for each in matrices)

    def take(self, rows: NDArray[np.int64]) -> Matrix:
        """Return the given rows, in their order."""
        return _beside([cast("Any", matrix)[rows] for matrix in self._matrices])

    def between(self, start: int, end: int) -> Matrix:
        """Return rows from `start` to `end`; not copied where it is one dense feature."""
        return _beside([cast("Any", matrix)[start:end] for matrix in self._matrices])


class FittedFeatures:
    """Some features of a project, ready to be computed of texts that are not in its corpus."""

    def __init__(self, features: Sequence[Feature[Any]]) -> None:
        self._features = features

    def of(self, batch: TextBatch, ctx: JobContext) -> Matrix:
        """Return the features of some texts, side by side."""
        return _beside([feature.transform(batch, ctx) for feature in self._features])


def load_features(
    workspace: Workspace, project: Project, rows: Sequence[FeatureRow]
) -> FittedFeatures:
    """Load what features have learnt.

    Raises:
        InvalidInputError: none was named.
    """
    if not rows:
        raise InvalidInputError(
            "The model reads features and none was named; name one.", field="features"
        )
    places, loaded = workspace.places(project), list[Feature[Any]]()
    for row in rows:
        built = workspace.registry.build("feature", row.component, row.params)
        feature = cast("Feature[Any]", built)
        feature.load(places.feature(row.id) / "fitted")
        loaded.append(feature)
    return FittedFeatures(loaded)


def find_features(
    workspace: Workspace, project: Project, wanted: Sequence[str]
) -> list[FeatureRow]:
    """Return the features with these ids or names, in the order asked for.

    Raises:
        InvalidInputError: one is not there.
    """
    rows = workspace.read(list_features, project.id)
    known = {row.name: row for row in rows} | {row.id: row for row in rows}
    missing = [name for name in wanted if name not in known]
    if missing:
        raise InvalidInputError(
            f"The project has no feature {missing[0]!r}; compute it first, or choose among "
            f"{', '.join(row.name for row in rows) or 'none'}.",
            field="features",
        )
    return [known[name] for name in wanted]


def open_features(
    workspace: Workspace, project: Project, rows: Sequence[FeatureRow]
) -> JoinedFeatures:
    """Map features that exist.

    Raises:
        InvalidInputError: none was named.
        UnavailableError: the files are missing or damaged.
    """
    if not rows:
        raise InvalidInputError(
            "The model reads features and none was named; name one.", field="features"
        )
    if len({row.id for row in rows}) < len(rows):
        raise InvalidInputError("A feature is named twice; name each once.", field="features")
    places = workspace.places(project)

    def opened(row: FeatureRow) -> Matrix:
        matrix = MatrixFolder(places.feature(row.id)).open()
        return np.asarray(matrix) if isinstance(matrix, np.ndarray) else matrix

    # An extended feature has more rows, hence another key: what was open stays whole.
    return JoinedFeatures(
        [
            workspace.warm.features.get((row.id, row.rows), lambda row=row: opened(row))
            for row in rows
        ]
    )


def _beside(parts: Sequence[Matrix]) -> Matrix:
    if len(parts) == 1:
        return parts[0]
    if all(isinstance(part, np.ndarray) for part in parts):
        return np.hstack(cast("list[NDArray[np.float32]]", list(parts)))
    from scipy.sparse import hstack  # only workers join sparse ones

    return cast("Any", hstack(list(parts), format="csr"))
