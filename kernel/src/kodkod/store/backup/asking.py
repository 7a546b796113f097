"""How `kodkod restore` asks the server that runs on a data folder to restore itself.

The command leaves a request beside what it has staged; the server takes it, and leaves its
answer. Locks of files tell who is there: they end with their process, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import structlog
from msgspec import Struct

from kodkod.api import ConflictError, UnavailableError
from kodkod.store.database import revisions
from kodkod.store.files import whole_file

__all__ = [
    "Answer",
    "answer",
    "ask",
    "new_token",
    "only_one",
    "serving",
    "take_request",
    "unserved",
]

_SERVER_LOCK = "server.lock"
_COMMAND_LOCK = "restore.lock"
_REQUEST = "restore-request.json"
_LOOK_SECONDS = 0.1
_TAKEN_SECONDS = 60.0  # A server that is starting takes it once it is ready.
_LIVES_SECONDS = 2.0

_log = structlog.get_logger("kodkod.store")


class Request(Struct, frozen=True, kw_only=True):
    """Names what was staged; `revision` is that of its tables."""

    token: str
    revision: str


class Answer(Struct, frozen=True, kw_only=True):
    """What came of a request: where the old installation is kept, or the problem."""

    kept: str | None = None
    problem: str | None = None


def new_token() -> str:
    """Return a name for one restore."""
    return secrets.token_hex(8)


@contextmanager
def serving(data_dir: Path) -> Iterator[None]:
    """Let commands know that a server runs here; wait while the folder is being restored."""
    path = data_dir / _SERVER_LOCK
    try:
        lock = _lock(path, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if lock is None:
            _log.warning("the data folder is being restored; waiting", data_dir=str(data_dir))
            lock = _lock(path, fcntl.LOCK_SH)
    except UnavailableError as error:
        _log.warning("no restore while this server runs", reason=error.message)
        lock = None
    with _kept(lock):
        yield


@contextmanager
def unserved(data_dir: Path) -> Iterator[bool]:
    """Keep servers from starting, if none runs; give whether that is so.

    Raises:
        UnavailableError: files cannot be locked there.
    """
    lock = _lock(data_dir / _SERVER_LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with _kept(lock):
        yield lock is not None


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """See that one command restores at a time.

    Raises:
        ConflictError: another one does.
        UnavailableError: files cannot be locked there.
    """
    lock = _lock(data_dir / _COMMAND_LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if lock is None:
        raise ConflictError(f"Another restore of {data_dir} is under way.")
    with _kept(lock):
        yield


def ask(data_dir: Path, token: str) -> Answer | None:
    """Ask the server to put in place what was staged, and wait for its answer.

    None if it ended before it took the request.

    Raises:
        UnavailableError: no server takes the request, or it ended without an answer.
    """
    path = data_dir / _REQUEST
    with whole_file(path) as aside:
        request = Request(token=token, revision=revisions()[0])
        aside.write_bytes(msgspec.json.encode(request))
    try:
        taken = _wait(path, data_dir)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if not taken:
        return None
    return _hear(data_dir, token)


def take_request(data_dir: Path) -> str | None:
    """Return the token of a request that somebody waits for; it is this server's from now on."""
    path = data_dir / _REQUEST
    if not path.exists():
        return None
    lock = _lock(data_dir / _COMMAND_LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with _kept(lock):
        abandoned = lock is not None
        try:
            request = msgspec.json.decode(path.read_bytes(), type=Request)
            path.unlink()
        except FileNotFoundError:
            return None  # Another server took it, or the command gave up.
    if abandoned:
        _log.warning("a request to restore was left by a command that ended")
        return None
    if request.revision != revisions()[0]:
        problem = (
            "The command and the server are of different versions of Kodkod; restart the server."
        )
        answer(data_dir, request.token, Answer(problem=problem))
        return None
    return request.token


def answer(data_dir: Path, token: str, said: Answer) -> None:
    """Tell the command what came of its request."""
    with whole_file(_answer(data_dir, token)) as aside:
        aside.write_bytes(msgspec.json.encode(said))


def _wait(path: Path, data_dir: Path) -> bool:
    """Wait until a server takes the request; False if there is none any more."""
    deadline = time.monotonic() + _TAKEN_SECONDS
    while path.exists():
        if time.monotonic() > deadline:
            with suppress(FileNotFoundError):
                path.unlink()
                raise UnavailableError(
                    "A server has this data folder and does not answer; nothing was changed. Stop "
                    "it and restore again."
                )
            return True
        with unserved(data_dir) as free:
            if free:
                with suppress(FileNotFoundError):
                    path.unlink()
                    return False
        time.sleep(_LOOK_SECONDS)
    return True


def _hear(data_dir: Path, token: str) -> Answer:
    path = _answer(data_dir, token)
    looked = time.monotonic()
    while not path.exists():
        time.sleep(_LOOK_SECONDS)
        if time.monotonic() - looked < _LIVES_SECONDS:
            continue
        looked = time.monotonic()
        with unserved(data_dir) as free:
            if free and not path.exists():
                raise UnavailableError(
                    "The server ended before it said what came of the restore; its log says why. "
                    "Start it again: it finishes what was done, or takes it back."
                )
    said = msgspec.json.decode(path.read_bytes(), type=Answer)
    path.unlink()
    return said


def _answer(data_dir: Path, token: str) -> Path:
    return data_dir / f"restore-answer-{token}.json"


def _lock(path: Path, how: int) -> int | None:
    """Lock a file and return its descriptor; None if another process has it."""
    # For reading, so that it does not matter who made it.
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, how)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError as error:
        os.close(descriptor)
        raise UnavailableError(
            f"Files in {path.parent} cannot be locked ({error.strerror})."
        ) from error
    return descriptor


@contextmanager
def _kept(lock: int | None) -> Iterator[None]:
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)
