"""Promises of importers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from kodkod.api import Importer, ImportProblemError
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]


def empty_file(subject: Subject) -> None:
    """A file of no bytes is refused by a message for users."""
    for path in _files(subject, b""):
        require(_read(subject, path) is None, "an empty file is refused")


def random_bytes(subject: Subject) -> None:
    """Noise is refused by a message for users, or read as a table; nothing else."""
    noise = np.random.default_rng(1).bytes(4_096)
    for path in _files(subject, noise):
        _read(subject, path)


def misleading_start(subject: Subject) -> None:
    """A file that begins like a well-known format and then breaks off is no crash."""
    for start in (b"PAR1", b"PK\x03\x04", b"\xef\xbb\xbf", b'{"a": ', b"\xff\xfea\x00", b'a,b\n"1'):
        for path in _files(subject, start):
            _read(subject, path)


def missing_file(subject: Subject) -> None:
    """A path that leads nowhere is refused, or the system's own error."""
    for path in _files(subject, b""):
        path.unlink()
        try:
            _read(subject, path)
        except OSError:
            continue


def _files(subject: Subject, content: bytes) -> Iterator[Path]:
    for extension in getattr(subject.spec, "extensions", ()):
        path = subject.folder("import") / f"file{extension}"
        path.write_bytes(content)
        yield path


def _read(subject: Subject, path: Path) -> pl.DataFrame | None:
    importer: Importer = subject.build()
    try:
        frame = importer.read(path)
    except ImportProblemError as error:
        require(bool(error.message), "a refusal says why")
        return None
    require(isinstance(frame, pl.DataFrame), "read gives a frame")
    return frame


CHECKS = (empty_file, random_bytes, misleading_start, missing_file)
