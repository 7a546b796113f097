"""The page about strategies names each of them, and no other."""

import re
from pathlib import Path

from kodkod_selection.plugin import register_components

PAGE = Path(__file__).parents[3] / "docs" / "strategies.md"


def test_every_strategy_has_a_line_in_the_table():
    specs = {spec.name: spec for spec in register_components()}

    chosen, _, _ = PAGE.read_text(encoding="utf-8").partition("## Figures")
    lines = re.findall(r"^\| `([a-z-]+)` \|(.*)\|$", chosen, re.MULTILINE)

    assert [name for name, _ in lines] == list(specs)
    for name, line in lines:
        for need in specs[name].needs:
            assert need in line, f"{name} needs {need}"
