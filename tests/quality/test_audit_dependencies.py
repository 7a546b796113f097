"""What is said of pip-audit's findings."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "audit_dependencies.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_dependencies", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_known_hole_fails_and_is_named_with_its_remedy(script):
    hole = {"id": "PYSEC-2026-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}
    found = [
        {"name": "holey", "version": "2.0", "vulns": [hole]},
        {"name": "sound", "version": "1.0", "vulns": []},
        {"name": "unknown", "skip_reason": "not found"},
    ]

    code, said = script.verdict(found)

    assert code == 1
    assert said == [
        "holey 2.0: PYSEC-2026-1, mended in 2.1",
        "2 dependencies audited, 1 left out, 1 known holes.",
    ]


@pytest.mark.parametrize("found", [None, [{"name": "a", "skip_reason": "not found"}]])
def test_where_nothing_can_be_looked_up_it_is_said(script, found):
    code, said = script.verdict(found)

    assert code == 0
    assert said[0].startswith("Dependencies were not audited")


def test_what_is_no_list_of_packages_is_an_error(script, tmp_path):
    broken = tmp_path / "broken.txt"
    broken.write_text("not a requirement ===\n")

    with pytest.raises(RuntimeError, match="pip-audit failed"):
        script.audited(broken)
