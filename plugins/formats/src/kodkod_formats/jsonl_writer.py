"""Frames to JSON Lines."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from kodkod.api import Exporter
from kodkod_formats.cells import flat, has_binary
from kodkod_formats.params import JsonlExportParams

__all__ = ["JsonlExporter"]


class JsonlExporter(Exporter[JsonlExportParams]):
    """One object a line with every key, lists and structs as they are, NaN as null.

    Frames are written as they come and not kept.
    """

    def write(self, frames: Iterable[pl.DataFrame], path: Path) -> None:
        """Write `frames` one after the other."""
        with path.open("wb") as file:
            for frame in frames:
                if frame.height:
                    _without_bytes(frame).write_ndjson(file)


def _without_bytes(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with bytes, which JSON lacks, as base64 text."""
    binary = [name for name, dtype in frame.schema.items() if has_binary(dtype)]
    return frame.with_columns(flat(frame.select(binary)).iter_columns()) if binary else frame
