"""Nearest neighbours among a dense feature's vectors: exactly, or by an index beside them on disk.

The index is a graph (HNSW: Malkov and Yashunin 2020) by usearch, over vectors of 8 bits a
number. It ends in a line of our own, with what it covers and a checksum: following a damaged graph
would take the process down.
"""

from __future__ import annotations

import math
import os
import shutil
import struct
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import structlog
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Neighbours
from kodkod.store.files import whole_file
from kodkod.store.matrices import MatrixFolder, read_manifest

if TYPE_CHECKING:
    from usearch.index import Index

__all__ = [
    "INDEXED_FROM",
    "ExactNeighbours",
    "OpenNeighbours",
    "build_index",
    "carry_index",
    "indexed_rows",
    "is_indexed",
    "wants_index",
]

INDEXED_FROM = 20_000
"""Rows from which on a dense feature gets an index; fewer are compared one by one in no time."""

_FILE = "neighbours.usearch"
_MAGIC = b"kodkod-neighbours-1"
_FOOTER = struct.Struct("<19sQQQI")
_READ_BYTES = 1 << 22
_ENOUGH = 0.9
_AT_ONCE = 512
"""Vectors added between two reports: a tenth of a second or two."""
_CELLS = 1 << 22

# Chosen by recall and time, see docs/decisions/neighbours.md.
_CONNECTIVITY = 16
_EXPANSION_ADD = 128
_EXPANSION_SEARCH = 192
_MORE = 64
"""So many more than asked for are compared, for numbers of 8 bits mistake their order."""

_log = structlog.get_logger("kodkod.neighbours")


class _Footer(Struct, frozen=True):
    """What an index covers: the first `rows` of the matrix, in `length` bytes."""

    rows: int
    dim: int
    length: int
    checksum: int


class ExactNeighbours:
    """Compares with every vector: time O(q n dim), memory O(q n) in blocks."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors

    def near(self, vectors: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return the rows nearest to each of `vectors`, `[q, k]`; of two that tie, the lower."""
        n = len(self._vectors)
        cosines = np.empty((len(vectors), n), dtype=np.float32)
        step = max(_CELLS // max(self._vectors.shape[1], 1), 1)
        wanted = _unit(np.asarray(vectors, dtype=np.float32))
        for start in range(0, n, step):
            block = _unit(self._vectors[start : start + step])
            cosines[:, start : start + step] = wanted @ block.T
        found = np.full((len(vectors), k), -1, dtype=np.int64)
        kept = min(k, n)
        for place, line in enumerate(cosines):
            found[place, :kept] = _highest(line, kept)
        return found


class _IndexedNeighbours:
    """Asks a graph, and compares what it finds with the vectors themselves.

    Misses a few in a hundred. Time O(q k (log n + dim)); only the vectors found are read.
    """

    def __init__(self, index: Index, vectors: NDArray[np.float32]) -> None:
        self._index = index
        self._vectors = vectors
        # A call's threads have places of their own in the index, and two calls the same ones.
        self._lock = threading.Lock()

    def near(self, vectors: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return the rows nearest to each of `vectors`, `[q, k]`."""
        found = np.full((len(vectors), k), -1, dtype=np.int64)
        if not len(vectors) or not k:
            return found
        asked = min(k + min(k, _MORE), len(self._index))
        with self._lock:
            matches = cast("Any", self._index.search(vectors, asked, threads=_cores()))
        keys = np.atleast_2d(matches.keys)
        counts = np.atleast_1d(getattr(matches, "counts", len(keys[0])))
        wanted = _unit(np.asarray(vectors, dtype=np.float32))
        for place, count in enumerate(counts.tolist()):
            rows = np.sort(keys[place, :count]).astype(np.int64)
            cosines = _unit(self._vectors[rows]) @ wanted[place]
            nearest = rows[_highest(cosines, min(k, count))]
            found[place, : len(nearest)] = nearest
        return found


def wants_index(rows: int, *, sparse: bool) -> bool:
    """Tell whether a feature is to have an index."""
    return not sparse and rows >= INDEXED_FROM


def is_indexed(folder: Path) -> bool:
    """Tell whether the index in a feature's folder covers all its rows."""
    return indexed_rows(folder) >= read_manifest(folder).rows


def indexed_rows(folder: Path) -> int:
    """Return how many rows the index in a feature's folder covers, 0 where there is none."""
    footer = _footer(folder / _FILE)
    return footer.rows if footer else 0


def build_index(
    folder: Path, progress: Callable[[float], None], *, seconds: float = math.inf
) -> int:
    """Index the vectors in a feature's folder, or those that its index lacks.

    Returns how many rows are indexed. After `seconds` it leaves off, with some of the rows for
    another time. The new index takes the place of the old one when it is on disk. `progress`
    hears a number from 0 to 1 several times a second; what it raises ends the work, and leaves
    all as it was. As many threads as there are cores. Memory: the index.
    """
    from usearch.index import Index  # seldom needed, and it takes a second

    vectors = MatrixFolder(folder).open_dense()
    n, dim = vectors.shape
    path = folder / _FILE
    index = Index(ndim=dim, metric="cos", dtype="i8", connectivity=_CONNECTIVITY)
    done = 0
    old = _footer(path)
    if old and old.dim == dim and old.rows <= n and _is_sound(path, old):
        index.load(path)
        done = old.rows
    index.expansion_add = _EXPANSION_ADD
    threads = _cores()
    deadline = time.monotonic() + seconds
    while done < n:
        progress(done / n)
        end = min(done + _AT_ONCE, n)
        index.add(
            np.arange(done, end, dtype=np.uint64), np.array(vectors[done:end]), threads=threads
        )
        done = end
        if time.monotonic() > deadline:
            break
    progress(done / n)
    with whole_file(path) as aside:
        index.save(aside)
        length = aside.stat().st_size
        footer = _Footer(done, dim, length, _checksum(aside, length))
        with aside.open("ab") as file:
            file.write(_packed(footer))
    return done


def carry_index(old: Path, new: Path) -> None:
    """Let a feature's new folder begin with the index of the old one, if there is one.

    Both are the same file until an index takes its place: nothing is copied where the file system
    knows links.
    """
    source = old / _FILE
    if not source.exists():
        return
    try:
        (new / _FILE).hardlink_to(source)
    except OSError:
        shutil.copyfile(source, new / _FILE)


class OpenNeighbours:
    """The neighbours of features that this process has asked for, each opened once.

    Any thread may ask. An index is mapped: what a search does not touch is not read.
    """

    def __init__(self) -> None:
        self._open: dict[Path, tuple[tuple[int, ...] | None, Neighbours | None]] = {}
        self._lock = threading.Lock()

    def of(self, folder: Path) -> Neighbours | None:
        """Return the neighbours among the vectors in a feature's folder, as they are now.

        Few vectors are compared one by one. None where there are many and no index yet, or one
        that is damaged or lacks many of them, or the feature is sparse.

        Raises:
            UnavailableError: the folder is missing or damaged.
        """
        manifest = read_manifest(folder)
        if manifest.sparse:
            return None
        if not wants_index(manifest.rows, sparse=False):
            return ExactNeighbours(MatrixFolder(folder).open_dense())
        if 0 < indexed_rows(folder) < _ENOUGH * manifest.rows:
            return None  # It is being made: the first rows are no fair part of the corpus.
        path = folder / _FILE
        with self._lock:
            stamp = _stamp(path)
            known = self._open.get(folder)
            if known is None or known[0] != stamp:
                known = self._open[folder] = (stamp, _opened(path, manifest.dim))
            return known[1]

    def forget(self, folder: Path) -> None:
        """Close what was opened of a folder."""
        with self._lock:
            self._open.pop(folder, None)


def _opened(path: Path, dim: int) -> Neighbours | None:
    footer = _footer(path)
    if footer is None or footer.dim != dim or not _is_sound(path, footer):
        what = "damaged" if path.exists() else "not there yet"
        _log.warning("the index of a feature cannot be used", feature=path.parent.name, it_is=what)
        return None
    from usearch.index import Index

    index = Index(ndim=dim, metric="cos", dtype="i8")
    try:
        index.view(path)
    except RuntimeError as error:
        _log.warning("the index of a feature cannot be read", path=str(path), error=str(error))
        return None
    index.expansion_search = _EXPANSION_SEARCH
    return _IndexedNeighbours(index, MatrixFolder(path.parent).open_dense())


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _packed(footer: _Footer) -> bytes:
    return _FOOTER.pack(_MAGIC, footer.rows, footer.dim, footer.length, footer.checksum)


def _footer(path: Path) -> _Footer | None:
    try:
        with path.open("rb") as file:
            end = file.seek(0, 2)
            file.seek(max(end - _FOOTER.size, 0))
            magic, *values = _FOOTER.unpack(file.read(_FOOTER.size))
    except (OSError, struct.error):
        return None
    footer = _Footer(*values)
    sound = magic == _MAGIC and footer.length + _FOOTER.size == end
    return footer if sound else None


def _is_sound(path: Path, footer: _Footer) -> bool:
    return _checksum(path, footer.length) == footer.checksum


def _checksum(path: Path, length: int) -> int:
    checksum = 0
    with path.open("rb") as file:
        while length and (part := file.read(min(_READ_BYTES, length))):
            checksum = zlib.crc32(part, checksum)
            length -= len(part)
    return checksum


def _highest(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        # All that tie with the last one: of those the lowest rows are kept.
        places = np.flatnonzero(scores >= least)
    else:
        places = np.arange(len(scores))
    order = np.argsort(-scores[places], kind="stable")[:k]
    return places[order].astype(np.int64, copy=False)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    return np.divide(vectors, lengths, out=np.array(vectors), where=lengths > 0)
