"""A whole installation: tables with rows of every kind, and the files that they name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import sqlalchemy as sa
from msgspec.structs import replace
from scipy.sparse import csr_matrix

from kodkod.jobs.places import ProjectPlaces
from kodkod.settings import Settings
from kodkod.store.artefacts import FeatureRow, ModelRow, add_feature, add_model
from kodkod.store.backup.archive import Manifest, open_archive
from kodkod.store.backup.ground import Ground
from kodkod.store.backup.replacing import put_in_place
from kodkod.store.backup.staging import stage
from kodkod.store.backup.tables import counters_in, read_tables
from kodkod.store.backup.taking import back_up
from kodkod.store.corpus import facts_of, write_corpus
from kodkod.store.database import Database, now
from kodkod.store.drawn_samples import DrawnSample, Stratum, add_sample
from kodkod.store.events import add_event
from kodkod.store.files import whole_folder
from kodkod.store.jobs import JobRow, add_job
from kodkod.store.log import LogWriter, NewEntry
from kodkod.store.matrices import Manifest as MatrixManifest
from kodkod.store.matrices import MatrixFolder
from kodkod.store.people import Token, add_token, add_user, delete_user
from kodkod.store.project_files import ProjectFileRow, add_project_file
from kodkod.store.projections import ProjectionRow, add_projection
from kodkod.store.projects import change_project, change_scheme
from kodkod.store.tables import energy
from kodkod.store.topics import TopicList, TopicsRow, add_topics

from .populated import populate

__all__ = [
    "API",
    "SESSION",
    "back_up_to",
    "drawn",
    "files_of",
    "install",
    "opened",
    "put_token",
    "quiet",
    "restore_from",
    "rows_of",
    "settings_of",
    "texts",
    "write_feature",
]

SESSION, API = "session", "api"
WORDS = 'é\n\u2028 "quoted" \\ 日本 😀 \\u0000'


def settings_of(data_dir: Path, url: str = "") -> Settings:
    return Settings(data_dir=data_dir, database_url=url)


def quiet(_what: str, _done: int, _total: int | None) -> None:
    """Tell nobody how far it is."""


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    database = Database.at(settings.database_url, settings.data_dir)
    try:
        yield database
    finally:
        await database.close()


async def install(settings: Settings) -> None:
    """Make an installation with a project, a feature, a model, jobs and a log."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with opened(settings) as database:
        await database.migrate()
        await populate(database)
        places = ProjectPlaces.of(settings, "letters")
        places.root.mkdir(parents=True)
        frame = texts(10)
        write_corpus(places.root, frame)
        await _annotate(database)
        async with database.write() as connection:
            fingerprint = facts_of(frame).fingerprint
            await change_project(connection, 1, corpus_fingerprint=fingerprint)
            await change_scheme(connection, 1, guide={"model": "logistic", "features": ["dense"]})
            await add_feature(connection, write_feature(places, "f-dense", "dense", 10))
            await add_feature(connection, write_feature(places, "f-sparse", "sparse", 10))
            await add_model(connection, write_model(places, "m-1"))
            await add_project_file(connection, _given())
            await add_projection(connection, write_map(places))
            await add_topics(connection, write_topics(places))
            await add_sample(connection, drawn("s-1"))
            for row in _jobs():
                await add_job(connection, row)
            await _people(connection)
            await add_event(connection, "job.done", 1, {"id": "x"})
            await connection.execute(sa.insert(energy).values(**_spent()))
        with whole_folder(places.guide(1) / "7") as aside:
            (aside / "probabilities.npy").write_bytes(b"guide")
        with whole_folder(places.file("f-given")) as aside:
            (aside / "vectors_1.npy").write_bytes(b"given")
        (places.guide(1) / "beliefs.jsonl").write_bytes(b"{}")
        with whole_folder(places.guide(1) / "assessment") as aside:
            (aside / "assessment.json").write_bytes(b"{}")


def texts(n: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(n)],
            "text": [f"text {i} {WORDS}" for i in range(n)],
            "split": pl.Series([0] * n, dtype=pl.UInt8),
        }
    )


def write_feature(places: ProjectPlaces, id_: str, name: str, rows: int) -> FeatureRow:
    sparse = name == "sparse"
    matrix = np.arange(rows * 3, dtype=np.float32).reshape(rows, 3)
    with whole_folder(places.feature(id_)) as aside:
        MatrixFolder(aside).write(csr_matrix(matrix) if sparse else matrix, _manifest(rows, sparse))
        (aside / "fitted" / "deep").mkdir(parents=True)
        (aside / "fitted" / ".hidden").write_text("hidden")
        (aside / "fitted" / "deep" / "terms.json").write_text('["é"]')
    return FeatureRow(
        id=id_,
        project_id=1,
        name=name,
        component="toy",
        params={"text": WORDS},
        dim=3,
        rows=rows,
        sparse=sparse,
        created_at=now(),
    )


def write_model(places: ProjectPlaces, id_: str) -> ModelRow:
    with whole_folder(places.model(id_)) as aside:
        (aside / "fitted.safetensors").write_bytes(bytes(range(256)) * 1000)
    with whole_folder(places.predictions(id_)) as aside:
        MatrixFolder(aside).write(np.ones((10, 2), np.float32), _manifest(10, sparse=False))
    return ModelRow(
        id=id_,
        project_id=1,
        scheme_id=1,
        name="first",
        component="logistic",
        params={},
        features=["f-dense"],
        label_ids=[1, 2],
        n_train=3,
        trained_at_seq=2,
        corpus_fingerprint="",
        seed=1,
        scores={"f1": 1 / 3},
        predicted_rows=10,
        created_at=now(),
    )


def write_map(places: ProjectPlaces) -> ProjectionRow:
    with whole_folder(places.projection("p-1")) as aside:
        MatrixFolder(aside).write(np.ones((10, 2), np.float32), _manifest(10, sparse=False))
    return ProjectionRow(
        id="p-1",
        project_id=1,
        name="map",
        component="pca",
        params={},
        feature_id="f-dense",
        split=None,
        rows=10,
        seed=1,
        created_at=now(),
    )


def write_topics(places: ProjectPlaces) -> TopicsRow:
    with whole_folder(places.topics("x-1")) as aside:
        for name in ("versions/1.json", "states/1/assigned.npy", "states/1/fitted/terms.json"):
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            (aside / name).write_bytes(b"{}")
    return TopicsRow(
        id="x-1",
        project_id=1,
        name="themes",
        component="bertopic",
        params={},
        feature_id="f-dense",
        rows=10,
        version=1,
        found=TopicList(outliers=10),
        seed=1,
        created_at=now(),
    )


def drawn(id_: str, **changed: Any) -> DrawnSample:
    """Return a sample of five texts of ten, in the order in which they were drawn."""
    sample = DrawnSample(
        id=id_,
        project_id=1,
        name="fair",
        plan={"n": 5, "regex": WORDS, "seed": 7},
        population=10,
        strata=[Stratum(name=WORDS, size=6, drawn=3), Stratum(name="b", size=4, drawn=2)],
        rows=[9, 2, 4, 1, 7],
        stratum_of=[0, 0, 1, 0, 1],
        created_at=now(),
    )
    return replace(sample, **changed)


def _given() -> ProjectFileRow:
    return ProjectFileRow(
        id="f-given", project_id=1, name="vectors 1.npy", bytes=5, user_id=1, created_at=now()
    )


def _manifest(rows: int, sparse: bool) -> MatrixManifest:
    return MatrixManifest(
        component="toy", params={}, corpus_fingerprint="", rows=rows, dim=3, sparse=sparse
    )


async def _annotate(database: Database) -> None:
    log = LogWriter(database, lambda _entries: None)
    await log.start()
    entry = NewEntry(
        project_id=1, scheme_id=1, op="set", row=0, user_id=1, value='"1"', comment=WORDS
    )
    for row in range(10):
        await log.append([replace(entry, row=row, selection_probability=1 / 3, seconds=row / 7)])
    await log.append([replace(entry, op="undo", row=None, value=None, undoes=3)])
    await log.stop()


def _jobs() -> list[JobRow]:
    first = JobRow(
        id="j-done",
        kind="feature",
        queue="cpu",
        project_id=1,
        user_id=1,
        params={"name": "dense"},
        lock_key="j-done",
        state="done",
        created_at=now(),
        log=WORDS,
        result={"feature": "f-dense"},
        metrics={"loss": 0.1},
    )
    running = {"state": "running", "worker": "w", "heartbeat_at": now(), "attempts": 1}
    return [
        first,
        replace(first, id="j-running", lock_key="1", result=None, **running),
        replace(first, id="j-queued", lock_key="2", kind="guide", state="queued"),
        replace(first, id="j-extend", lock_key="3", kind="extend-feature", **running),
    ]


async def _people(connection: Any) -> None:
    gone = await add_user(
        connection, username="gone", sign_in="password", secret="", role="annotator"
    )
    await delete_user(connection, gone.id)
    for name in (SESSION, API):
        await put_token(connection, name)


async def put_token(connection: Any, name: str) -> None:
    token = Token(
        id=name,
        user_id=1,
        digest=name * 8,
        name=None if name.startswith(SESSION) else name,
        scopes=["read", "write"],
        created_at=now(),
        expires_at=now() + timedelta(days=1),
    )
    await add_token(connection, token)


def _spent() -> dict[str, Any]:
    figures = [column.name for column in energy.columns if isinstance(column.type, sa.Float)]
    return {
        "job_id": "j-done",
        "project_id": 1,
        "user_id": 1,
        "kind": "feature",
        "subject": "toy",
        "state": "done",
        "finished_at": now(),
        **dict.fromkeys(figures, 1 / 7),
    }


async def back_up_to(settings: Settings, path: Path) -> Manifest:
    async with opened(settings) as database:
        return await back_up(database, partial(ProjectPlaces.of, settings), path, quiet)


async def restore_from(path: Path, settings: Settings, token: str = "0123abcd") -> Path | None:
    """Restore where nobody is at work; return where the old installation is kept."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    ground = Ground.of(settings)
    with open_archive(path) as archive:
        staged = await stage(archive, ground, token, quiet)
    return await put_in_place(ground, staged, token)


async def rows_of(settings: Settings) -> dict[str, Any]:
    """Return every table's rows as they are stored, and the numbers that were given last."""
    async with opened(settings) as database, database.read() as connection:
        return await connection.run_sync(_rows)


def _rows(connection: sa.Connection) -> dict[str, Any]:
    found: dict[str, Any] = {
        part.table: [
            dict(zip(part.columns, row, strict=True)) for batch in part.batches for row in batch
        ]
        for part in read_tables(connection, whole=True)
    }
    return found | {"last": counters_in(connection)}


def files_of(settings: Settings) -> dict[str, bytes]:
    """Return the files of all projects and models, but what was put aside."""
    return {
        str(path.relative_to(settings.data_dir)): path.read_bytes()
        for home in (settings.projects, settings.models)
        for path in home.rglob("*")
        if path.is_file()
    }
