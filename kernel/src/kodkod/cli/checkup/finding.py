"""What a check is given, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct
from sqlalchemy import make_url

from kodkod.plugins import PluginRegistry
from kodkod.settings import Settings

__all__ = ["Case", "Check", "Finding", "ok", "problem", "warning"]


class Finding(Struct, frozen=True, kw_only=True):
    """One line of the doctor's: `mend` says what to do."""

    area: str
    state: Literal["ok", "warning", "problem"]
    said: str
    mend: str = ""


class Case(Struct, frozen=True, kw_only=True):
    """The installation to check.

    `writes` is false where what a check leaves behind, such as files beside the database, would
    belong to somebody whom the server cannot take it from.
    """

    settings: Settings
    registry: PluginRegistry
    writes: bool

    @property
    def database_file(self) -> Path | None:
        """The embedded database, or the SQLite file that the settings name."""
        url = self.settings.database_url
        if not url:
            return self.settings.data_dir / "kodkod.db"
        if not url.startswith("sqlite"):
            return None
        return Path(make_url(url).database or "").absolute()


Check = Callable[[Case], Iterator[Finding]]


def ok(area: str, said: str) -> Finding:
    """Find that something is as it should be."""
    return Finding(area=area, state="ok", said=said)


def warning(area: str, said: str, mend: str) -> Finding:
    """Find something that people can work with for now."""
    return Finding(area=area, state="warning", said=said, mend=mend)


def problem(area: str, said: str, mend: str) -> Finding:
    """Find something that keeps people from working, or jobs from running."""
    return Finding(area=area, state="problem", said=said, mend=mend)
