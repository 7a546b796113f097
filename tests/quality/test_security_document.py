"""docs/security.md names a test for each line of its table, and all of them exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def lines() -> dict[str, list[tuple[str, str]]]:
    """Return the tests (file, name) that each threat's line names."""
    table = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").split("| threat |")[1]
    rows = [row.split("|") for row in table.splitlines()[2:] if row.startswith("|")]
    return {row[1].strip(): re.findall(r"`([\w/]+\.py)::(\w+)`", row[3]) for row in rows}


def test_every_line_names_a_test() -> None:
    assert len(lines()) > 30
    assert [threat for threat, named in lines().items() if not named] == []


def test_every_test_that_is_named_exists() -> None:
    named = [each for found in lines().values() for each in found]

    absent = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"def {name}\(", (ROOT / file).read_text(encoding="utf-8"))
    ]

    assert absent == []
