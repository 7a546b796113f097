"""The files that a snapshot names, held open: who deletes or replaces them takes nothing away."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec import Struct

from kodkod.api import UnavailableError
from kodkod.store.backup.archive import Missing
from kodkod.store.backup.wanted import Wanted
from kodkod.store.matrices import Manifest as MatrixManifest

__all__ = ["HeldFile", "Holding", "raise_file_limit"]

_SPARE = 64
_CHUNK = 1 << 20
_COMPLETE = "complete.parquet"
_MANIFEST = "manifest.json"


class HeldFile(Struct, frozen=True):
    """An open file, and its name in the archive."""

    name: str
    descriptor: int
    size: int

    def chunks(self) -> Iterator[bytes]:
        """Yield its bytes from the beginning.

        Raises:
            UnavailableError: it cannot be read.
        """
        offset = 0
        try:
            while data := os.pread(self.descriptor, _CHUNK, offset):
                offset += len(data)
                yield data
        except OSError as error:
            raise UnavailableError(
                f"{self.name} cannot be read: {error.strerror or error}. See whether its disk is "
                "well, and back up again."
            ) from error


class Holding:
    """Holds what a snapshot names.

    `held` is what is open; `later` is what there were not enough descriptors for: it is opened
    when its turn comes.
    """

    def __init__(self) -> None:
        self.held: list[tuple[Wanted, list[HeldFile]]] = []
        self.later: list[Wanted] = []
        self.missing: list[Missing] = []
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._room = (sys.maxsize if most == resource.RLIM_INFINITY else most) - _SPARE

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for _, files in self.held:
            _close(files)

    @property
    def size(self) -> int:
        """How many bytes are held."""
        return sum(file.size for _, files in self.held for file in files)

    def hold(self, wanted: Wanted) -> None:
        """Open a folder's files, or note why they are not there."""
        if self._room <= 0:
            self.later.append(wanted)
            return
        files = self._open(wanted)
        if files is not None:
            self._room -= len(files)
            self.held.append((wanted, files))

    def release(self) -> Iterator[HeldFile]:
        """Yield the files, each closed once it was read."""
        while self.held:
            _, files = self.held[0]
            yield from files
            _close(files)
            del self.held[0]
        for wanted in self.later:
            files = self._open(wanted) or []
            try:
                yield from files
            finally:
                _close(files)

    def _open(self, wanted: Wanted) -> list[HeldFile] | None:
        files: list[HeldFile] = []
        try:
            _walk(wanted, files)
            _CHECKS.get(wanted.kind, _check_nothing)(wanted, files)
        except (OSError, ValueError, pa.ArrowException, msgspec.DecodeError) as error:
            _close(files)
            if not wanted.optional:
                reason = getattr(error, "strerror", None) or str(error)
                self.missing.append(
                    Missing(kind=wanted.kind, id=wanted.id, project=wanted.project, reason=reason)
                )
            return None
        return files


def raise_file_limit() -> None:
    """Let this process open as many files as the system allows it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _walk(wanted: Wanted, files: list[HeldFile]) -> None:
    """Open the files of a folder, and none of another one that takes its name meanwhile."""
    home = wanted.folder.resolve()
    for path, folders, names, descriptor in os.fwalk(home, onerror=_raise):
        folders.sort()
        if wanted.only:
            folders.clear()
            names = [name for name in names if name.endswith(wanted.only)]
        below = Path(path).relative_to(home)
        for name in sorted(names):
            if name.startswith(".") and wanted.only:
                continue  # written aside
            opened = os.open(name, os.O_RDONLY | os.O_CLOEXEC, dir_fd=descriptor)
            size = os.fstat(opened).st_size
            files.append(HeldFile(f"{wanted.prefix}/{(below / name).as_posix()}", opened, size))
    if not files:
        raise FileNotFoundError(2, "its files are not there")


def _raise(error: OSError) -> None:
    raise error


def _check_nothing(wanted: Wanted, files: list[HeldFile]) -> None: ...


def _check_corpus(wanted: Wanted, files: list[HeldFile]) -> None:
    """See that all texts are there. There may be more: those were added since, and are ignored."""
    complete = _named(wanted, files, _COMPLETE)
    with open(complete.descriptor, "rb", closefd=False) as file:
        rows = pq.read_metadata(file).num_rows
    if rows < wanted.n_rows:
        raise ValueError(f"it has {rows} of {wanted.n_rows} texts")


def _check_matrix(wanted: Wanted, files: list[HeldFile]) -> None:
    """See that a matrix is not ahead: texts added later would be taken for those it has."""
    data = b"".join(_named(wanted, files, _MANIFEST).chunks())
    rows = msgspec.json.decode(data, type=MatrixManifest).rows
    if rows > wanted.n_rows:
        raise ValueError(f"it has {rows} rows for {wanted.n_rows} texts: it was extended meanwhile")


_CHECKS: dict[str, Callable[[Wanted, list[HeldFile]], None]] = {
    "corpus": _check_corpus,
    "feature": _check_matrix,
    "predictions": _check_matrix,
}


def _named(wanted: Wanted, files: list[HeldFile], name: str) -> HeldFile:
    for file in files:
        if file.name == f"{wanted.prefix}/{name}":
            return file
    raise FileNotFoundError(2, f"{name} is not there")


def _close(files: list[HeldFile]) -> None:
    for file in files:
        with suppress(OSError):
            os.close(file.descriptor)
