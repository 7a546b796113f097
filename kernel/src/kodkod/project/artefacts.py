"""Opens what jobs have made of a project, for the strategies of its schemes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import structlog

from kodkod.api import UnavailableError
from kodkod.project.knowledge import Artefacts, Judge, Vectors
from kodkod.project.maps import open_maps
from kodkod.store.artefacts import FeatureRow, ModelRow
from kodkod.store.matrices import MatrixFolder
from kodkod.store.neighbours import OpenNeighbours
from kodkod.store.predictions import open_full
from kodkod.store.projections import ProjectionRow

__all__ = ["open_artefacts"]

_log = structlog.get_logger("kodkod.project")


def open_artefacts(
    root: Path,
    features: Sequence[FeatureRow],
    models: Sequence[ModelRow],
    neighbours: OpenNeighbours,
    projections: Sequence[ProjectionRow] = (),
) -> Artefacts:
    """Map dense features, stored predictions and projections in a project's folder, newest first.

    What is damaged is logged and left out. Reads manifests: for another thread.
    """
    vectors = [
        found
        for row in sorted(features, key=lambda row: row.created_at, reverse=True)
        if not row.sparse and (found := _vectors(root, row, neighbours)) is not None
    ]
    judges = [
        found
        for row in sorted(models, key=lambda row: row.created_at, reverse=True)
        if row.predicted_rows
        and _tells_labels_apart(row)
        and (found := _judge(root, row)) is not None
    ]
    return Artefacts(tuple(vectors), tuple(judges), open_maps(root, projections))


def _vectors(root: Path, row: FeatureRow, neighbours: OpenNeighbours) -> Vectors | None:
    folder = root / "features" / row.id
    try:
        matrix = MatrixFolder(folder).open_dense()
        near = neighbours.of(folder)
    except (OSError, EOFError, ValueError, UnavailableError) as error:
        _log.warning("a feature cannot be read", feature=row.name, reason=str(error))
        return None
    return Vectors(id=row.id, name=row.name, matrix=matrix, neighbours=near)


def _tells_labels_apart(row: ModelRow) -> bool:
    """A model that was taught one label against the rest says nothing of the others."""
    return row.training.get("dichotomise") is None


def _judge(root: Path, row: ModelRow) -> Judge | None:
    try:
        matrix = open_full(root / "predictions" / row.id)
    except (OSError, EOFError, ValueError) as error:
        _log.warning("predictions cannot be read", model=row.name, reason=str(error))
        return None
    return Judge(
        scheme_id=row.scheme_id,
        label_ids=tuple(row.label_ids),
        probabilities=matrix,
        llm=row.kind == "labeller",
        id=row.id,
        name=row.name,
    )
