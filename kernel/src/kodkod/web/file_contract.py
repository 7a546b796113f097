"""The shape of a project's files in the HTTP contract."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

__all__ = ["ProjectFile"]


class ProjectFile(Struct, frozen=True, kw_only=True):
    """A file that was given to a project, for features and predictions to read."""

    id: str
    name: str
    bytes: int
    username: str
    created_at: datetime
