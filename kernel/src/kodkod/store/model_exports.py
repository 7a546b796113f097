"""Models as they were written for other software: a folder each, with what they are."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from kodkod.api import ModelNotes

__all__ = ["ExportFacts", "read_export", "write_facts"]

_FACTS = "facts.json"


class ExportFacts(Struct, frozen=True, kw_only=True):
    """The names of the labels that were written, and what the component says of the files."""

    labels: list[str]
    notes: ModelNotes


def write_facts(folder: Path, facts: ExportFacts) -> None:
    """Write beside the folder `files` what they are."""
    (folder / _FACTS).write_bytes(msgspec.json.encode(facts))


def read_export(folder: Path) -> ExportFacts | None:
    """Return what lies in a folder; None where there is nothing whole."""
    try:
        return msgspec.json.decode((folder / _FACTS).read_bytes(), type=ExportFacts)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
