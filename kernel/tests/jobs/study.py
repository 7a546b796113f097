"""A project whose texts can be learnt: three topics, vectors that tell them, a sixth of it test."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from kodkod.store.artefacts import FeatureRow, add_feature
from kodkod.store.corpus import write_corpus
from kodkod.store.database import now
from kodkod.store.log import LogWriter, NewEntry
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.projects import add_project, add_scheme

__all__ = ["GUIDE", "LEARNER", "TOPICS", "TRAIN", "N", "Study", "make_study"]

N = 240
LEARNER = {"model": "logistic", "params": {}, "features": ["vectors"]}
GUIDE = {**LEARNER, "strategy": "random", "strategy_params": {}, "refresh_every": 10}
TOPICS = np.arange(N) // 2 % 3
TRAIN = np.arange(N) % 6 != 5


class Study:
    """A project of 240 texts on three topics, a sixth of them test, with vectors that tell."""

    def __init__(self, desk, database, settings, project, scheme, multilabel) -> None:
        self.desk = desk
        self.database = database
        self.project = project
        self.scheme = scheme
        self.multilabel = multilabel
        self.home = settings.projects / project.slug / "guides" / str(scheme.id)

    async def say(self, rows) -> int:
        """Annotate rows: their topic, or, with several labels, also `odd` for each second."""
        writer = LogWriter(self.database, lambda _: None)
        await writer.start()
        ids = [label.id for label in self.scheme.labels]
        entries = [
            NewEntry(
                project_id=self.project.id,
                scheme_id=self.scheme.id,
                op="set",
                row=row,
                user_id=1,
                value=self.value(ids, row),
            )
            for row in rows
        ]
        seqs = await writer.append(entries)
        await writer.stop()
        return seqs[-1]

    def value(self, ids, row) -> str:
        topic = ids[TOPICS[row]]
        if not self.multilabel:
            return f'"{topic}"'
        return f'["{topic}","{ids[3]}"]' if row % 2 else f'["{topic}"]'

    async def assess(self, **changed):
        params = {"scheme_id": self.scheme.id, **LEARNER, **changed}
        row = await self.desk.run("assess", self.project, **params)
        assert row.state == "done", row.error
        return row.result


@pytest.fixture
def make_study(desk, database, settings):
    async def make(*, multilabel=False) -> Study:
        root = settings.projects / "letters"
        root.mkdir(parents=True)
        frame = pl.DataFrame(
            {
                "id": [f"t{i}" for i in range(N)],
                "text": [f"text {i}" for i in range(N)],
                "split": np.where(TRAIN, 0, 2).astype(np.uint8),
            }
        )
        facts = write_corpus(root, frame)
        rng = np.random.default_rng(0)
        vectors = rng.standard_normal((N, 6)).astype(np.float32)
        vectors[np.arange(N), TOPICS] += 2.5
        vectors[:, 3] += 3 * (np.arange(N) % 2)
        folder = root / "features" / "f1"
        folder.mkdir(parents=True)
        manifest = Manifest(
            component="given",
            params={},
            corpus_fingerprint=facts.fingerprint,
            rows=N,
            dim=6,
            sparse=False,
        )
        MatrixFolder(folder).write(vectors, manifest)
        async with database.write() as connection:
            project = await add_project(
                connection,
                owner_id=1,
                slug="letters",
                name="Letters",
                language="en",
                config={},
                n_rows=facts.n_rows,
                splits=facts.splits,
                corpus_fingerprint=facts.fingerprint,
                created_by="ana",
            )
            await add_feature(
                connection,
                FeatureRow(
                    id="f1",
                    project_id=project.id,
                    name="vectors",
                    component="given",
                    params={},
                    dim=6,
                    rows=N,
                    sparse=False,
                    created_at=now(),
                ),
            )
            names = ["a", "b", "c", *(["odd"] if multilabel else ["unseen"])]
            scheme = await add_scheme(
                connection,
                [(name, None, "") for name in names],
                project_id=project.id,
                name="topic",
                type="multilabel" if multilabel else "multiclass",
                params={},
                codebook="",
                overlap=1,
                guide=GUIDE,
            )
        return Study(desk, database, settings, project, scheme, multilabel)

    return make
