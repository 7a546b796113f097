"""A project with a dense feature and annotations, laid straight into an installation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from kodkod.settings import Settings
from kodkod.store.artefacts import FeatureRow, add_feature
from kodkod.store.corpus import write_corpus
from kodkod.store.database import Database, now
from kodkod.store.log import LogWriter, NewEntry
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.projects import Project, Scheme, add_project, add_scheme

__all__ = ["FEATURE", "LABELS", "SCHEME", "SLUG", "annotate", "lay_project"]

SLUG, SCHEME, FEATURE = "planted", "side", "points"
LABELS = ("left", "right", "above")
_FEATURE_ID = "f" * 16


def points_of(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return `[n, 6]` points and the label of each, which a plane decides."""
    rng = np.random.default_rng(seed)
    points = rng.normal(0, 1, (n, 6)).astype(np.float32)
    return points, (points @ rng.normal(0, 1, (6, len(LABELS)))).argmax(axis=1)


async def lay_project(
    settings: Settings, database: Database, n: int, *, n_test: int = 0
) -> tuple[Project, Scheme]:
    """Store a project of `n` texts, the last `n_test` in the test split, as user 1's."""
    root = settings.projects / SLUG
    root.mkdir(parents=True)
    frame = pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(n)],
            "text": [f"text number {i}" for i in range(n)],
            "split": np.where(np.arange(n) < n - n_test, 0, 2).astype(np.uint8),
        }
    )
    facts = write_corpus(root, frame)
    async with database.write() as connection:
        project = await add_project(
            connection,
            owner_id=1,
            slug=SLUG,
            name="Planted",
            language="en",
            config={"text_columns": ["text"]},
            n_rows=facts.n_rows,
            splits=facts.splits,
            corpus_fingerprint=facts.fingerprint,
            created_by="ana",
        )
        scheme = await add_scheme(
            connection,
            [(label, None, "") for label in LABELS],
            project_id=project.id,
            name=SCHEME,
            type="multiclass",
            params={},
            codebook="",
            overlap=1,
            guide=None,
        )
    await _lay_feature(database, project, root, points_of(n)[0])
    return project, scheme


async def _lay_feature(
    database: Database, project: Project, root: Path, points: np.ndarray
) -> None:
    folder = root / "features" / _FEATURE_ID
    folder.mkdir(parents=True)
    n, dim = points.shape
    what = {"component": "tfidf-svd", "params": {}, "dim": dim, "rows": n, "sparse": False}
    MatrixFolder(folder).write(
        points, Manifest(corpus_fingerprint=project.corpus_fingerprint, **what)
    )
    row = FeatureRow(id=_FEATURE_ID, project_id=project.id, name=FEATURE, created_at=now(), **what)
    async with database.write() as connection:
        await add_feature(connection, row)


async def annotate(database: Database, project: Project, scheme: Scheme, rows: range) -> None:
    """Have user 1 say of each row what is right."""
    labels = points_of(project.n_rows)[1]
    writer = LogWriter(database, lambda _: None)
    await writer.start()
    await writer.append(
        [
            NewEntry(
                project_id=project.id,
                scheme_id=scheme.id,
                op="set",
                row=row,
                user_id=1,
                value=f'"{scheme.labels[labels[row]].id}"',
            )
            for row in rows
        ]
    )
    await writer.stop()
