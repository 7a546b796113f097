"""What a snapshot names is what the archive has, whatever is done meanwhile; it comes back."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from msgspec import structs

from kodkod.api import UnavailableError
from kodkod.jobs.places import ProjectPlaces
from kodkod.settings import Settings
from kodkod.store.artefacts import add_model, list_features, list_models
from kodkod.store.backup.holding import Holding
from kodkod.store.backup.taking import back_up
from kodkod.store.backup.wanted import wanted_by
from kodkod.store.corpus import read_corpus, write_corpus
from kodkod.store.jobs import list_jobs
from kodkod.store.log import LogWriter
from kodkod.store.people import add_user, find_user
from kodkod.store.projections import list_projections
from kodkod.store.projects import find_project
from kodkod.store.replies import add_labelled, list_replies, put_replies
from kodkod.store.tables import feature, metadata
from kodkod.store.topics import list_topics

from .entries import new
from .installed import (
    API,
    back_up_to,
    files_of,
    opened,
    restore_from,
    rows_of,
    settings_of,
    texts,
    write_feature,
)
from .test_replies import reply


def differences(connection: sa.Connection) -> list[object]:
    """Return how the tables are not those that the code speaks of."""
    return compare_metadata(MigrationContext.configure(connection), metadata)


async def test_what_was_backed_up_comes_back_whatever_the_databases(
    source: Settings, target: Settings, tmp_path: Path
) -> None:
    # Given an archive of an installation
    path = tmp_path / "backup.zip"
    manifest = await back_up_to(source, path)
    before = await rows_of(source)
    assert manifest.missing == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    # When it is restored into an empty one
    assert await restore_from(path, target) is None

    # Then all rows are there as they were, but what is true of the moment only
    after = await rows_of(target)
    assert [row["type"] for row in after.pop("event")] == ["server.restored"]
    assert [row["id"] for row in after.pop("token")] == [API]
    jobs = {row["id"]: row for row in after.pop("job")}
    last = after.pop("last")
    for name in ("event", "token", "job"):
        before.pop(name)
    # and numbers that were given are not given again
    assert last == before.pop("last") | {"event": 2}
    assert last["user"] == 2
    assert after == before

    # And what was under way is told as ended, but what nobody could start again
    assert [jobs[id_]["state"] for id_ in ("j-done", "j-running", "j-queued")] == [
        "done",
        "failed",
        "failed",
    ]
    assert "backup" in jobs["j-running"]["error"]
    assert (jobs["j-extend"]["state"], jobs["j-extend"]["worker"]) == ("queued", None)

    # And the files are, byte for byte
    assert files_of(target) == files_of(source)
    assert len(files_of(target)) == 26

    # And the installation can be worked with
    async with opened(target) as database:
        async with database.read() as connection:
            assert await connection.run_sync(differences) == []
        async with database.write() as connection:
            made = await add_user(
                connection, username="new", sign_in="password", secret="", role="annotator"
            )
        assert made.id == 3
        log = LogWriter(database, lambda _entries: None)
        await log.start()
        (seq,) = await log.append([new(1)])
        assert seq == before["annotation"][-1]["seq"] + 1
        await log.stop()


async def test_tables_of_an_older_version_are_brought_to_this_one(
    target: Settings, tmp_path: Path
) -> None:
    # Given an installation that the first version left
    old = settings_of(tmp_path / "old")
    old.data_dir.mkdir()
    async with opened(old) as database:
        await database.migrate("0001")
    with closing(sqlite3.connect(old.data_dir / "kodkod.db")) as database:
        database.execute("INSERT INTO user VALUES (4, 'ada', 'password', 's', 'root', 1, 5)")
        database.execute(
            "INSERT INTO job (id, kind, queue, user_id, params, lock_key, state, message, metrics,"
            " log, attempts, cancel_requested, created_at)"
            " VALUES ('j', 'x', 'cpu', 4, '{}', 'k', 'running', '', '{}', '', 1, 0, 6)"
        )
        database.commit()

    # When it is backed up, without being changed, and restored by this version
    manifest = await back_up_to(old, tmp_path / "backup.zip")
    assert manifest.revision == "0001"
    await restore_from(tmp_path / "backup.zip", target)

    # Then its rows are there, with what this version adds
    async with opened(target) as database, database.read() as connection:
        assert (await find_user(connection, "ada")).id == 4
        (row,) = await list_jobs(connection)
    assert (row.state, row.warning, row.eta) == ("failed", "", None)


async def test_characters_that_postgresql_does_not_store_are_replaced(
    plain: Settings, target: Settings, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(plain.data_dir / "kodkod.db")) as database:
        database.execute("UPDATE annotation SET comment = ? WHERE seq = 1", ("a\0b\\u0000",))
        database.commit()
    await back_up_to(plain, tmp_path / "backup.zip")

    await restore_from(tmp_path / "backup.zip", target)

    found = (await rows_of(target))["annotation"][0]["comment"]
    assert found == ("a\ufffdb\\u0000" if target.database_url else "a\0b\\u0000")


# What changes while a backup is made.


async def test_files_that_are_deleted_meanwhile_are_in_the_archive(
    plain: Settings, tmp_path: Path
) -> None:
    # Given that everything is deleted once the tables are being written
    files = files_of(plain)

    def delete(what: str, _done: int, _total: int | None) -> None:
        if what == "table annotation":
            shutil.rmtree(plain.projects)
            shutil.rmtree(plain.models)

    async with opened(plain) as database:
        path = tmp_path / "backup.zip"
        places = lambda slug: ProjectPlaces.of(plain, slug)  # noqa: E731
        manifest = await back_up(database, places, path, delete)

    # Then what the snapshot named is there all the same
    assert manifest.missing == []
    other = settings_of(tmp_path / "other")
    await restore_from(path, other)
    assert files_of(other) == files


async def test_files_beyond_what_a_process_may_open_are_opened_when_their_turn_comes(
    plain: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _which: (64 + 3, 64 + 3))
    await back_up_to(plain, tmp_path / "backup.zip")

    other = settings_of(tmp_path / "other")
    await restore_from(tmp_path / "backup.zip", other)
    assert files_of(other) == files_of(plain)


async def test_labellings_come_back_with_their_replies_also_one_that_was_never_run(
    source: Settings, target: Settings, tmp_path: Path
) -> None:
    # Given a labelling with a reply, and one that nobody has run: it has no folder
    facts = {"prompt_id": "p", "prompt": "code", "version": 1}
    async with opened(source) as database, database.write() as connection:
        (model,) = await list_models(connection, 1)
        for id_ in ("l-run", "l-new"):
            row = structs.replace(
                model, id=id_, name=id_, component="reader", labelling=facts, predicted_rows=None
            )
            await add_model(connection, row)
        await put_replies(connection, 1, [reply("k")])
        await add_labelled(connection, "l-run", [(3, "k")])
    path = tmp_path / "backup.zip"
    assert (await back_up_to(source, path)).missing == []
    await restore_from(path, target)
    async with opened(target) as database, database.read() as connection:
        names = [row.name for row in await list_models(connection, 1)]
        assert sorted(names) == ["first", "l-new", "l-run"]
        ((row, kept),) = await list_replies(connection, 1, "l-run")
    assert (row, kept.value) == (3, '"1"')


async def test_what_is_missing_is_named_and_dropped(
    plain: Settings, target: Settings, tmp_path: Path
) -> None:
    # Given a feature, topics and predictions whose files are gone, and a model that is damaged
    places = ProjectPlaces.of(plain, "letters")
    shutil.rmtree(places.feature("f-dense"))
    shutil.rmtree(places.topics("x-1"))
    (places.predictions("m-1") / "manifest.json").write_text("{")
    path = tmp_path / "backup.zip"

    manifest = await back_up_to(plain, path)
    await restore_from(path, target)

    # Then the archive says so, and nothing is left that names them
    assert [(each.kind, each.id, each.project) for each in manifest.missing] == [
        ("feature", "f-dense", "letters"),
        ("predictions", "m-1", "letters"),
        ("topics", "x-1", "letters"),
    ]
    async with opened(target) as database, database.read() as connection:
        assert [row.id for row in await list_features(connection, 1)] == ["f-sparse"]
        assert [row.id for row in await list_projections(connection, 1)] == ["p-1"]
        assert await list_topics(connection, 1) == []
        assert [row.predicted_rows for row in await list_models(connection, 1)] == [None]


async def test_a_corpus_that_grows_is_as_long_as_the_snapshot_said(
    plain: Settings, tmp_path: Path
) -> None:
    # Given rows that are on disk, and not registered yet
    places = ProjectPlaces.of(plain, "letters")
    write_corpus(places.root, texts(14))
    path, other = tmp_path / "backup.zip", settings_of(tmp_path / "other")

    manifest = await back_up_to(plain, path)
    await restore_from(path, other)

    # Then the project has the rows it had
    assert manifest.missing == []
    async with opened(other) as database, database.read() as connection:
        row = await find_project(connection, "letters")
    assert read_corpus(other.projects / "letters", n_rows=row.n_rows).equals(texts(10))


async def test_a_feature_that_is_ahead_of_the_snapshot_is_not_taken(
    plain: Settings, tmp_path: Path
) -> None:
    # Given a feature that has rows for texts that the snapshot does not know
    write_feature(ProjectPlaces.of(plain, "letters"), "f-dense", "dense", 12)

    manifest = await back_up_to(plain, tmp_path / "backup.zip")

    # Then it is named: texts that are added later would be taken for those
    assert [(each.kind, each.id) for each in manifest.missing] == [("feature", "f-dense")]


async def test_where_files_are_not_those_of_the_snapshot_another_is_taken(
    plain: Settings, tmp_path: Path
) -> None:
    # Given a feature whose files are deleted, and whose row is a moment later
    shutil.rmtree(ProjectPlaces.of(plain, "letters").feature("f-dense"))

    async def forget() -> None:
        async with opened(plain) as database, database.write() as connection:
            await connection.execute(sa.delete(feature).where(feature.c.id == "f-dense"))

    backup = asyncio.create_task(back_up_to(plain, tmp_path / "backup.zip"))
    await forget()

    # Then nothing is missing from the archive
    manifest = await backup
    assert manifest.missing == []
    assert manifest.tables["feature"].rows == 1


async def test_a_folder_that_takes_the_name_of_another_is_not_mixed_in(plain: Settings) -> None:
    # Given a feature's files that are held
    places = ProjectPlaces.of(plain, "letters")
    with Holding() as holding:
        async with opened(plain) as database, database.read() as connection:
            for each in await connection.run_sync(wanted_by, lambda _slug: places):
                holding.hold(each)
        before = files_of(plain)

        # When another matrix takes their place
        write_feature(places, "f-dense", "other", 4)

        # Then the old ones are read
        held = {file.name: b"".join(file.chunks()) for file in holding.release()}
    assert held == before


async def test_a_backup_that_fails_leaves_the_one_before(
    archive: Path, plain: Settings, tmp_path: Path
) -> None:
    # Given an archive, and a disk that has no room for another
    before = archive.read_bytes()
    code = (
        "import asyncio, resource, signal, sys\n"
        "from functools import partial\n"
        "from pathlib import Path\n"
        "from kodkod.api import UnavailableError\n"
        "from kodkod.jobs.places import ProjectPlaces\n"
        "from kodkod.settings import Settings\n"
        "from kodkod.store.backup.ground import Ground\n"
        "from kodkod.store.backup.taking import back_up\n"
        "settings = Settings(data_dir=Path(sys.argv[1]))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "async def work():\n"
        "    database = Ground.of(settings).open()\n"
        "    places = partial(ProjectPlaces.of, settings)\n"
        "    try: await back_up(database, places, Path(sys.argv[2]), lambda *_: None)\n"
        "    except UnavailableError as error: print(error.message)\n"
        "    finally: await database.close()\n"
        "asyncio.run(work())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, plain.data_dir, archive],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    # Then that is said, and the archive from before is all there is
    assert done.stdout.startswith(f"The backup {archive} could not be written: File too large")
    assert done.stderr == ""
    assert archive.read_bytes() == before
    assert [path.name for path in archive.parent.glob("*backup.zip*")] == ["backup.zip"]


def test_what_killed_backups_left_is_swept_in_time(archive: Path, plain: Settings) -> None:
    old, young = (archive.with_name(f".backup.zip.{end}") for end in ("0123abcd", "4567cdef"))
    for each in (old, young):
        each.write_bytes(b"half")
    os.utime(old, (0, 0))

    asyncio.run(back_up_to(plain, archive))

    assert not old.exists()
    assert young.exists()


async def test_where_there_is_nothing_nothing_is_made(tmp_path: Path) -> None:
    for settings in (settings_of(tmp_path / "none"), settings_of(tmp_path)):
        with pytest.raises(UnavailableError, match="nothing to back up"):
            await back_up_to(settings, tmp_path / "backup.zip")
    assert list(tmp_path.iterdir()) == []
