"""The file of a backup: a zip archive whose manifest says what must be in it, byte for byte."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec
from msgspec import Struct

from kodkod.api import InvalidInputError, UnavailableError
from kodkod.store.files import whole_file

__all__ = [
    "FORMAT",
    "Archive",
    "ArchiveWriter",
    "Manifest",
    "Member",
    "Missing",
    "TablePart",
    "open_archive",
    "table_member",
    "write_archive",
]

FORMAT = 1
_MANIFEST = "manifest.json"
_CHUNK = 1 << 20
_MAX_MANIFEST = 256 << 20
_STALE_SECONDS = 3600.0
_FOLDERS = ("projects", "models")
_TABLE = re.compile(r"tables/([a-z_]{1,60})\.jsonl")
# Numbers in these are close to random: packing them takes time and saves nothing.
_PACKED = frozenset({".npy", ".safetensors"})
# What zipfile raises for bytes that it cannot make sense of, by where they are.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    OverflowError,
    MemoryError,
    RuntimeError,
    NotImplementedError,
)


class TablePart(Struct, frozen=True, kw_only=True):
    """A table in an archive: the names of its columns, in order, and how many rows there are."""

    columns: list[str]
    rows: int


class Member(Struct, frozen=True, kw_only=True):
    """What a member of the archive unpacks to."""

    size: int
    sha256: str


class Missing(Struct, frozen=True, kw_only=True):
    """Something that the database names and whose files were not there, or not to be read.

    `kind` is corpus, feature, model or predictions; `id` that of the project, feature or model.
    """

    kind: str
    id: str
    project: str
    reason: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What an archive is. `counters` has the last number given of each table that numbers."""

    format: int
    kodkod: str
    revision: str
    created_at: datetime
    tables: dict[str, TablePart]
    counters: dict[str, int]
    members: dict[str, Member]
    missing: list[Missing]

    @property
    def size(self) -> int:
        """How many bytes all members unpack to."""
        return sum(member.size for member in self.members.values())

    @property
    def files(self) -> list[str]:
        """The members that are files of projects and models."""
        return [name for name in self.members if not name.startswith("tables/")]


def table_member(table: str) -> str:
    """Return the name of the member that has a table's rows."""
    return f"tables/{table}.jsonl"


class ArchiveWriter:
    """Writes members one after the other, each as it comes; the manifest is the last."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        self._zip = target
        self.members: dict[str, Member] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Sink]:
        """Give what takes the bytes of a new member."""
        stored = PurePosixPath(name).suffix in _PACKED
        self._zip.compression = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        with self._zip.open(name, "w", force_zip64=True) as file:
            sink = Sink(file)
            yield sink
        self.members[name] = sink.sum()

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest."""
        with self.member(_MANIFEST) as sink:
            sink.write(msgspec.json.encode(manifest))


class Sink:
    """Takes bytes, counts and sums them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, data: bytes) -> None:
        """Write the next bytes."""
        self._digest.update(data)
        self._size += len(data)
        self._file.write(data)

    def sum(self) -> Member:
        """Return what was written."""
        return Member(size=self._size, sha256=self._digest.hexdigest())


@contextmanager
def write_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Give a writer; the archive has its name once it is whole and on disk.

    Only its owner may read it: it holds what passwords are checked against, and all texts.

    Raises:
        UnavailableError: it cannot be written; nothing is left under the name that was not there.
    """
    _sweep(path)
    try:
        with whole_file(path) as aside:
            descriptor = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with (
                os.fdopen(descriptor, "w+b") as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
            ):
                yield ArchiveWriter(target)
    except OSError as error:
        raise UnavailableError(
            f"The backup {path} could not be written: {error.strerror or error}. Nothing new was "
            "left there; see that the folder exists, may be written and has room."
        ) from error


def _sweep(path: Path) -> None:
    """Delete what backups of this name left that were killed: nobody has written to it lately."""
    for left in path.parent.glob(f".{path.name}.????????"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


class Archive:
    """An archive that is read. Nothing is believed that does not agree with its manifest."""

    def __init__(self, path: Path, source: zipfile.ZipFile) -> None:
        self.path = path
        self._zip = source
        self.manifest = self._read_manifest()
        self._check_names()

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a member's bytes; the last ones come only if all are as the manifest says.

        Raises:
            InvalidInputError: they are not.
        """
        wanted = self.manifest.members[name]
        digest, size, held = hashlib.sha256(), 0, b""
        try:
            with self._zip.open(name) as file:
                while data := file.read(_CHUNK):
                    size += len(data)
                    if size > wanted.size:
                        break
                    digest.update(data)
                    if held:
                        yield held
                    held = data
        except _DAMAGE as error:
            raise self.damaged(f"{name}: {error}") from error
        if (size, digest.hexdigest()) != (wanted.size, wanted.sha256):
            raise self.damaged(f"{name} is not what was written")
        if held:
            yield held

    def check(self, name: str) -> None:
        """Read a member to its end.

        Raises:
            InvalidInputError: it is not what the manifest says.
        """
        for _ in self.chunks(name):
            pass

    def damaged(self, what: str) -> InvalidInputError:
        """Return the error that says what is wrong."""
        return InvalidInputError(
            f"The archive {self.path} is damaged or no backup of Kodkod ({what}); nothing was "
            "changed. Use another backup."
        )

    def _read_manifest(self) -> Manifest:
        try:
            info = self._zip.getinfo(_MANIFEST)
            if info.file_size > _MAX_MANIFEST:
                raise self.damaged("its manifest is too large")
            with self._zip.open(info) as file:
                data = file.read(_MAX_MANIFEST + 1)
        except _DAMAGE as error:
            raise self.damaged(f"{_MANIFEST}: {error}") from error
        try:
            version = msgspec.json.decode(data, type=_Format)
            if version.format > FORMAT:
                raise InvalidInputError(
                    f"The archive {self.path} is of a newer kind than this Kodkod reads; install "
                    f"Kodkod {version.kodkod} or newer and restore it with that."
                )
            return msgspec.json.decode(data, type=Manifest)
        except msgspec.DecodeError as error:
            raise self.damaged(f"{_MANIFEST}: {error}") from error

    def _check_names(self) -> None:
        names = [info.filename for info in self._zip.infolist()]
        if sorted(names) != sorted([_MANIFEST, *self.manifest.members]):
            raise self.damaged("what it has is not what its manifest names")
        for info in self._zip.infolist():
            if info.filename != _MANIFEST and not _is_ours(info.filename):
                raise self.damaged(f"a member is called {info.filename[:200]!r}")
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG):
                raise self.damaged(f"{info.filename[:200]} is not a plain file")
        if {table_member(table) for table in self.manifest.tables} != {
            name for name in names if name.startswith("tables/")
        }:
            raise self.damaged("its tables are not those that its manifest names")


class _Format(Struct, frozen=True):
    format: int
    kodkod: str


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive; its manifest and the names of its members are checked.

    Raises:
        InvalidInputError: it cannot be read, is damaged, or is of a newer kind.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise InvalidInputError(
            f"The archive {path} cannot be read: {error.strerror or error}."
        ) from error
    with file:
        try:
            source = zipfile.ZipFile(file)
        except _DAMAGE as error:
            raise InvalidInputError(
                f"{path} is no backup of Kodkod, or its end is missing ({error}); nothing was "
                "changed. Use another backup."
            ) from error
        with source:
            yield Archive(path, source)


def _is_ours(name: str) -> bool:
    """Tell whether a name can only lie in the folders of projects and models."""
    if _TABLE.fullmatch(name):
        return True
    parts = name.split("/")
    return (
        len(parts) > 2
        and parts[0] in _FOLDERS
        and "\\" not in name
        and "\0" not in name
        and all(part not in {"", ".", ".."} and len(part.encode()) < 256 for part in parts)
    )
