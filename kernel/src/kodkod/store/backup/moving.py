"""Many renames as one: a journal says what they are, so that half of them can be taken back."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from kodkod.api import UnavailableError
from kodkod.store.backup.ground import Ground, Parts, children
from kodkod.store.files import whole_file

__all__ = [
    "Journal",
    "carry_out",
    "check_quiet",
    "forget",
    "interrupted",
    "moves_of",
    "note",
    "take_back",
]

_JOURNAL = "restore-journal.json"


class Journal(Struct, frozen=True):
    """Renames, in order, of the restore with this token; `copy` is a file that it made."""

    token: str
    moves: list[tuple[str, str]]
    copy: str | None = None


def moves_of(ground: Ground, staged: Parts, aside: Parts) -> list[tuple[str, str]]:
    """Return what puts an installation aside and another in its place, the database last.

    The folders of projects and of models stay: each may be a disk of its own.
    """
    moves: list[tuple[Path, Path]] = []
    for live, new, old in (
        (ground.projects, staged.projects, aside.projects),
        (ground.models, staged.models, aside.models),
    ):
        moves += [(each, old / each.name) for each in children(live)]
        moves += [(each, live / each.name) for each in children(new)]
    file = ground.file
    if file is not None:
        for end in ("-shm", "-wal", ""):
            part = file.with_name(file.name + end)
            if part.exists():
                moves.append((part, aside.database.with_name(aside.database.name + end)))
        moves.append((staged.database, file))
    return [(str(source), str(target)) for source, target in moves]


def check_quiet(ground: Ground) -> None:
    """See that no restore is half done.

    Raises:
        UnavailableError: one is; there are parts of two installations.
    """
    if (ground.data_dir / _JOURNAL).exists():
        raise UnavailableError(
            f"A restore of {ground.data_dir} is under way or was interrupted. If no server runs "
            "there, start it: it takes back what was begun."
        )


def note(ground: Ground, journal: Journal) -> None:
    """Write the journal, before the first rename."""
    with whole_file(ground.data_dir / _JOURNAL) as aside:
        aside.write_bytes(msgspec.json.encode(journal))


def carry_out(journal: Journal) -> None:
    """Do the renames; they are on disk on return."""
    touched: set[Path] = set()
    for source, target in _paths(journal):
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
        touched |= {source.parent, target.parent}
    for folder in touched:
        _sync(folder)


def take_back(journal: Journal) -> None:
    """Undo the renames that were done, and delete what was made for them."""
    touched: set[Path] = set()
    for source, target in reversed(_paths(journal)):
        # Where both are there, the target is what an earlier rename has not moved yet.
        if target.exists() and not source.exists():
            source.parent.mkdir(parents=True, exist_ok=True)
            target.rename(source)
            touched |= {source.parent, target.parent}
    for folder in touched:
        _sync(folder)
    if journal.copy is not None:
        Path(journal.copy).unlink(missing_ok=True)
    targets = {Path(target).parent for _, target in journal.moves}
    for folder in (*targets, *(each.parent for each in targets)):
        with suppress(OSError):  # Only those that were made for it are empty.
            folder.rmdir()


def forget(ground: Ground) -> None:
    """Delete the journal: what it says is done, or undone."""
    (ground.data_dir / _JOURNAL).unlink(missing_ok=True)
    _sync(ground.data_dir)


@contextmanager
def interrupted(ground: Ground) -> Iterator[Journal | None]:
    """Give the journal of a restore that ended half-way; one process at a time has it."""
    path = ground.data_dir / _JOURNAL
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # Whoever had it before may have dealt with it.
        there = path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno()))
        yield msgspec.json.decode(file.read(), type=Journal) if there else None


def _paths(journal: Journal) -> list[tuple[Path, Path]]:
    return [(Path(source), Path(target)) for source, target in journal.moves]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
