"""A zip archive as it is made: no file beside it, and memory for one piece at a time."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, cast

__all__ = ["zip_stream"]

_PIECE = 1 << 20
_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16


class _Sink:
    """Takes what the archive writes. It cannot be rewound, so sizes follow each file."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: what was written is taken when it is asked for."""

    def take(self) -> bytes:
        data = bytes(self._written)
        self._written.clear()
        return data


def zip_stream(files: Iterable[tuple[str, Path | bytes]]) -> Iterator[bytes]:
    """Yield an archive of files, each under the name given; weights do not shrink, so none does.

    The same files give the same bytes.
    """
    sink = _Sink()
    with zipfile.ZipFile(cast("IO[bytes]", sink), "w", zipfile.ZIP_STORED) as archive:
        for name, source in files:
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr = _MODE
            with archive.open(entry, "w", force_zip64=True) as target:
                for piece in _pieces(source):
                    target.write(piece)
                    yield sink.take()
    yield sink.take()


def _pieces(source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
