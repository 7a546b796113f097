"""Put a staged installation in the place of another, which is kept, or leave all as it was."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from kodkod.api import ConflictError, UnavailableError
from kodkod.store.backup.ground import Ground, Parts, own_like
from kodkod.store.backup.moving import (
    Journal,
    carry_out,
    forget,
    interrupted,
    moves_of,
    note,
    take_back,
)
from kodkod.store.backup.postgres import has_event, keep_tables, replaced_tables
from kodkod.store.backup.staging import discard_staged
from kodkod.store.backup.tables import raise_counters
from kodkod.store.database import now

__all__ = ["put_in_place", "recover"]

_RESTORED = "server.restored"
_PATIENCE_SECONDS = 3.0
_PAUSE_SECONDS = 0.1

_log = structlog.get_logger("kodkod.store")


async def put_in_place(ground: Ground, staged: Parts, token: str) -> Path | None:
    """Replace an installation that nobody uses by a staged one; return where the old one is kept.

    That folder is an installation of its own, with an embedded database, whatever the kind of
    the one that was replaced. None where there was nothing.

    Raises:
        ConflictError: another process uses the database; all is as it was.
        UnavailableError: a folder or the database cannot be written; all is as it was.
    """
    aside = ground.aside(now())
    try:
        journal = await _prepare(ground, staged, aside, token)
        await _exchange(ground, staged, journal)
    except (OSError, SQLAlchemyError, sqlite3.Error) as error:
        reason = getattr(error, "orig", None) or error
        raise UnavailableError(
            f"The restored installation could not be put in place: {reason}. All is as it was."
        ) from error
    discard_staged(staged)
    own_like(ground.data_dir, ground.projects, ground.models, *aside.homes)
    home = aside.projects.parent
    return home if home.exists() else None


async def recover(ground: Ground) -> str | None:
    """Deal with a restore that was interrupted; return its token if it had come to its end.

    The database decides: if it is the restored one, all was done; if not, all is taken back.

    Raises:
        UnavailableError: the database does not answer.
    """
    with interrupted(ground) as journal:
        if journal is None:
            return None
        done = await _is_restored(ground, journal.token)
        if not done:
            take_back(journal)
        forget(ground)
        _log.warning("a restore was interrupted", token=journal.token, done=done)
        return journal.token if done else None


async def _prepare(ground: Ground, staged: Parts, aside: Parts, token: str) -> Journal:
    """Do what changes nothing yet, and note what will be done."""
    try:
        old = await _old_database(ground, aside)
        _carry_over(old, staged.database, token)
        if ground.file is not None:
            _settle(ground.file)
        copy = str(old) if old is not None and ground.file is None else None
        journal = Journal(token, moves_of(ground, staged, aside), copy)
        note(ground, journal)
    except BaseException:
        if ground.file is None:
            shutil.rmtree(aside.database.parent, ignore_errors=True)
        raise
    return journal


async def _old_database(ground: Ground, aside: Parts) -> Path | None:
    """Return what was there before as a SQLite file; None where there was nothing."""
    if ground.file is not None:
        return ground.file if ground.file.exists() else None
    if await ground.content() is None:
        await ground.prepare()
        return None
    return await keep_tables(ground, aside.database)


async def _exchange(ground: Ground, staged: Parts, journal: Journal) -> None:
    try:
        if ground.file is not None:
            carry_out(journal)
        else:
            async with replaced_tables(ground, staged.database):
                carry_out(journal)
    except BaseException as error:
        try:
            done = await recover(ground)
        except Exception as other:
            raise UnavailableError(
                f"The restore came half-way ({error}) and could not be taken back ({other}). "
                "Nothing is lost. Mend that, then start the server: it takes back what was begun."
            ) from other
        if done is None:
            raise
    else:
        forget(ground)


async def _is_restored(ground: Ground, token: str) -> bool:
    if ground.file is None:
        return await has_event(ground, _RESTORED, token)
    if not ground.file.exists():
        return False
    try:
        with closing(sqlite3.connect(ground.file)) as database:
            found = database.execute("SELECT data FROM event WHERE type = ?", (_RESTORED,))
            return any(token in data for (data,) in found)
    except sqlite3.DatabaseError:
        return False


def _carry_over(old: Path | None, new: Path, token: str) -> None:
    """Let go on what a restore must not turn back.

    Numbers are never given twice: browsers and scripts remember those of events and entries.
    Accounts that are the same in both keep their sessions and tokens: nobody who annotates is
    signed out, and a token that was revoked stays so.
    """
    with closing(sqlite3.connect(new, isolation_level=None)) as database:
        if old is not None:
            try:
                _carry_from(database, old)
            except sqlite3.DatabaseError as error:
                _log.warning("the replaced database cannot be read", error=str(error))
        data = msgspec.json.encode({"token": token}).decode()
        database.execute(
            "INSERT INTO event (type, data, created_at) VALUES (?, ?, ?)",
            (_RESTORED, data, round(now().timestamp() * 1_000_000)),
        )


def _carry_from(database: sqlite3.Connection, old: Path) -> None:
    database.execute("ATTACH DATABASE ? AS old", (str(old),))
    numbers = database.execute("SELECT name, seq FROM old.sqlite_sequence").fetchall()
    database.execute("BEGIN")
    try:
        raise_counters(database, dict(numbers))
        _carry_tokens(database)
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _carry_tokens(database: sqlite3.Connection) -> None:
    both = "SELECT name FROM pragma_table_info('token', ?)"
    known = {name for (name,) in database.execute(both, ("old",))}
    columns = ", ".join(name for (name,) in database.execute(both, ("main",)) if name in known)
    same = "SELECT id FROM main.user JOIN old.user AS before USING (id, username, created_at)"
    database.execute(f"DELETE FROM main.token WHERE user_id IN ({same})")  # noqa: S608
    database.execute(
        f"INSERT INTO main.token ({columns}) "  # noqa: S608 - the database's own names
        f"SELECT {columns} FROM old.token WHERE user_id IN ({same})"
    )


def _settle(file: Path) -> None:
    """Bring a SQLite database into its one file.

    Its log stays as long as another process has it open: what that wrote would be lost.
    """
    wal = file.with_name(f"{file.name}-wal")
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while file.exists():
        try:
            with closing(sqlite3.connect(file, timeout=1)) as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return  # It is damaged, which may be why there is a restore.
        if not wal.exists():
            return
        if time.monotonic() > deadline:
            raise ConflictError(
                "Another process has the database open: a worker, another server or a backup. "
                "Stop it and restore again. All is as it was."
            )
        time.sleep(_PAUSE_SECONDS)
