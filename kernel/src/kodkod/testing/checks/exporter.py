"""Promises of exporters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from kodkod.api import Exporter
from kodkod.testing.material import HOSTILE_TEXTS
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS", "make_frames"]

_LONGEST = 30_000
"""A spreadsheet cell holds 32,767 characters; what is longer is tested elsewhere."""


def make_frames(*, nested: bool = True) -> list[pl.DataFrame]:
    """Return two frames of one schema: ids with zeros, hostile texts, numbers, nulls, lists."""
    texts = [text[:_LONGEST].replace("\x00", "") for text in HOSTILE_TEXTS]
    n = len(texts)
    frame = pl.DataFrame(
        {
            "id": [f"00{i}" for i in range(n)],
            "text": texts,
            "count": pl.Series([None, *range(1, n)], dtype=pl.Int64),
            "labels": [["a", "b"], *([[]] * (n - 1))],
            "spans": [[{"start": 0, "end": 1, "label": "a"}]] * n,
        }
    )
    frame = frame if nested else frame.drop("labels", "spans")
    return [frame[: n // 2], frame[n // 2 :]]


def writes_frames(subject: Subject) -> None:
    """Several frames, with nulls, lists and every kind of text, make one file."""
    path = _path(subject)
    exporter: Exporter = subject.build()
    require(exporter.write(iter(make_frames()), path) is None, "write returns nothing")
    require(path.is_file() and path.stat().st_size > 0, "the file is there")


def writes_no_rows(subject: Subject) -> None:
    """A frame without rows makes a file with a header."""
    path = _path(subject)
    exporter: Exporter = subject.build()
    exporter.write([make_frames()[0][:0]], path)
    require(path.is_file(), "the file is there")


def takes_frames_one_by_one(subject: Subject) -> None:
    """Frames are taken from an iterator, once."""
    taken: list[int] = []

    def frames() -> Iterator[pl.DataFrame]:
        for number, frame in enumerate(make_frames()):
            taken.append(number)
            yield frame

    exporter: Exporter = subject.build()
    exporter.write(frames(), _path(subject))
    require(taken == [0, 1], "each frame is taken once")


def _path(subject: Subject) -> Path:
    return subject.folder("export") / f"export{getattr(subject.spec, 'extension', '')}"


CHECKS = (writes_frames, writes_no_rows, takes_frames_one_by_one)
