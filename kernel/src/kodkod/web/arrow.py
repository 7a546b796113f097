"""Tables as Arrow IPC streams."""

from __future__ import annotations

import io

import polars as pl
from litestar.response import Response

__all__ = ["ARROW", "arrow_stream", "as_arrow"]

ARROW = "application/vnd.apache.arrow.stream"


def as_arrow(frame: pl.DataFrame) -> bytes:
    """Return a frame as a stream that every Arrow library reads: strings with offsets."""
    buffer = io.BytesIO()
    frame.write_ipc_stream(buffer, compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()


def arrow_stream(content: bytes) -> Response[bytes]:
    """Return an answer that is an Arrow IPC stream."""
    return Response(content, media_type=ARROW)
