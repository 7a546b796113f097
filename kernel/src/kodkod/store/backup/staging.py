"""Unpack an archive beside an installation and make a database of it, checking every byte."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from kodkod.api import InvalidInputError, UnavailableError
from kodkod.store.backup.archive import Archive, Manifest, table_member
from kodkod.store.backup.ground import Ground, Parts, own_like
from kodkod.store.backup.tables import raise_counters, write_rows
from kodkod.store.backup.taking import Told
from kodkod.store.database import Database, now, revisions
from kodkod.store.tables import metadata

__all__ = ["check_archive", "discard_staged", "stage", "sweep_staged"]

_MAX_ROW = 256 << 20
# An index and a page's rest beside each row, and the database's own log while it is made.
_DATABASE_FACTOR = 3
_NUL = b"\\u0000"
_ENDED = "Restored from a backup that was taken while it was under way; start it again."
# What else would finish a feature that lacks rows? All other jobs somebody can start again.
_RESUMED = "extend-feature"

_rows_of = msgspec.json.Decoder(list[bool | int | float | str | None])


def check_archive(archive: Archive, told: Told) -> None:
    """Read an archive to its end.

    Raises:
        InvalidInputError: it is damaged, or newer than this version can read.
    """
    _check_revision(archive)
    done = 0
    for name, member in archive.manifest.members.items():
        archive.check(name)
        done += member.size
        told("checking", done, archive.manifest.size)


async def stage(archive: Archive, ground: Ground, token: str, told: Told) -> Parts:
    """Make of an archive what `put_in_place` takes. The installation is not touched.

    Raises:
        InvalidInputError: the archive is damaged, or newer than this version can read.
        UnavailableError: there is no room, or the folders cannot be written.
    """
    _check_revision(archive)
    staged = ground.staged(token)
    try:
        for folder in (staged.database.parent, staged.projects, staged.models):
            folder.mkdir(parents=True, exist_ok=True)
        _check_room(archive.manifest, staged)
        _unpack(archive, staged, told)
        await _make_database(archive, staged.database, told, plain=ground.file is None)
        own_like(ground.data_dir, *staged.homes)
        os.sync()  # One wait for all files; they count as written from here on.
    except BaseException as error:
        discard_staged(staged)
        if not isinstance(error, OSError):
            raise
        raise UnavailableError(
            f"The archive cannot be unpacked beside {ground.data_dir}: {error.strerror or error}. "
            "Nothing was changed."
        ) from error
    return staged


def discard_staged(staged: Parts) -> None:
    """Delete what was staged."""
    for home in staged.homes:
        shutil.rmtree(home, ignore_errors=True)


def sweep_staged(ground: Ground) -> None:
    """Delete what restores left that were killed."""
    for home in ground.homes():
        for left in home.glob(".restore-*"):
            shutil.rmtree(left, ignore_errors=True)


def _check_revision(archive: Archive) -> None:
    manifest = archive.manifest
    if manifest.revision not in revisions():
        raise InvalidInputError(
            f"The archive was made by Kodkod {manifest.kodkod}, whose tables (revision "
            f"{manifest.revision}) this version does not know; install that version or a newer "
            "one and restore it with that."
        )


def _check_room(manifest: Manifest, staged: Parts) -> None:
    files = sum(manifest.members[name].size for name in manifest.files)
    tables = (manifest.size - files) * _DATABASE_FACTOR
    free = shutil.disk_usage(staged.projects).free
    if files + tables > free:
        raise UnavailableError(
            f"The archive unpacks to about {(files + tables) // 1_000_000 + 1} MB and "
            f"{staged.projects.parent.parent} has {free // 1_000_000} MB left. Nothing was changed."
        )


def _unpack(archive: Archive, staged: Parts, told: Told) -> None:
    done, total = 0, sum(archive.manifest.members[name].size for name in archive.manifest.files)
    for name in archive.manifest.files:
        folder, _, rest = name.partition("/")
        target = (staged.projects if folder == "projects" else staged.models) / rest
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                for chunk in archive.chunks(name):
                    file.write(chunk)
                    done += len(chunk)
                    told("files", done, total)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise archive.damaged(f"{name} is a file and a folder") from error


async def _make_database(archive: Archive, file: Path, told: Told, *, plain: bool) -> None:
    """Make the tables as they were, fill them, and bring them to this version.

    What is `plain` has no zero characters: PostgreSQL stores none.
    """
    database = Database.at("", file.parent)
    try:
        await database.migrate(archive.manifest.revision)
        with closing(sqlite3.connect(file, isolation_level=None)) as target:
            target.execute("PRAGMA synchronous = OFF")
            target.execute("BEGIN")
            try:
                _fill(target, archive, told, plain=plain)
                _settle(target, archive)
            except (sqlite3.Error, OverflowError, msgspec.DecodeError) as error:
                raise archive.damaged(f"its tables do not fit together: {error}") from error
            target.execute("COMMIT")
        await database.migrate()
    finally:
        await database.close()


def _fill(target: sqlite3.Connection, archive: Archive, told: Told, *, plain: bool) -> None:
    for table, part in archive.manifest.tables.items():
        known = {row[1] for row in target.execute(f'PRAGMA table_info("{table}")')}
        if table not in metadata.tables or not known.issuperset(part.columns):
            raise archive.damaged(f"the table {table} or its columns are not Kodkod's")
        done = 0
        for rows in _read_rows(archive, table, plain=plain):
            write_rows(target, table, part.columns, rows)
            done += len(rows)
            told(f"table {table}", done, part.rows)
        if done != part.rows:
            raise archive.damaged(f"the table {table} has {done} of {part.rows} rows")


def _read_rows(archive: Archive, table: str, *, plain: bool) -> Iterator[list[list[Any]]]:
    rest = b""
    for chunk in archive.chunks(table_member(table)):
        block, newline, rest = (rest + chunk).rpartition(b"\n")
        if len(rest) > _MAX_ROW:
            raise archive.damaged(f"a row of the table {table} is too long")
        if newline:
            yield _decode(block, plain=plain)
    if rest:
        yield _decode(rest, plain=plain)


def _decode(block: bytes, *, plain: bool) -> list[list[Any]]:
    rows = _rows_of.decode_lines(block)
    if plain and _NUL in block:
        rows = [
            [value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in row]
            for row in rows
        ]
    return rows


def _settle(target: sqlite3.Connection, archive: Archive) -> None:
    """End what was under way, drop what names files that are not there, keep numbers counting."""
    manifest = archive.manifest
    target.execute(
        "UPDATE job SET state = 'queued', worker = NULL, heartbeat_at = NULL, attempts = 0 "
        "WHERE state IN ('queued', 'running') AND kind = ? AND NOT cancel_requested",
        (_RESUMED,),
    )
    target.execute(
        "UPDATE job SET state = 'failed', error = ?, finished_at = ? "
        "WHERE state = 'running' OR (state = 'queued' AND kind != ?)",
        (_ENDED, round(now().timestamp() * 1_000_000), _RESUMED),
    )
    # The corpus of a project is not to be had again, so what was said of it stays.
    statements = {
        "file": "DELETE FROM project_file WHERE id = ?",
        "feature": "DELETE FROM feature WHERE id = ?",
        "model": "DELETE FROM model WHERE id = ?",
        "projection": "DELETE FROM projection WHERE id = ?",
        "topics": "DELETE FROM topics WHERE id = ?",
        "predictions": "UPDATE model SET predicted_rows = NULL WHERE id = ?",
    }
    for missing in manifest.missing:
        if missing.kind in statements:
            target.execute(statements[missing.kind], (missing.id,))
    raise_counters(target, manifest.counters)
    if broken := target.execute("PRAGMA foreign_key_check").fetchone():
        raise archive.damaged(f"a row of the table {broken[0]} refers to one that is not there")
