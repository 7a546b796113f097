"""Write docs/modes.md: what each mode shows of every component's form.

    python scripts/modes_reference.py            write it
    python scripts/modes_reference.py --check    fail if it is not what would be written

Run it by `make openapi`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kodkod.jobs.kinds import plugin as job_kinds
from kodkod.plugins import PluginRegistry

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "modes.md"
MODES = ("easy", "medium", "pro")
INTRODUCTION = """\
# Easy, medium, pro

Written by `make openapi` from the components themselves; do not edit.

Whoever works with Kodkod says once how much they want to decide, above any form or on the page of
their account. It is remembered with the account, for every machine.

- **Easy** decides, and says below the form what it chose.
- **Medium** shows the choices that change results.
- **Pro** shows everything.

What a mode hides is not what it forbids: every field has its default, and the same params go
through the HTTP API, the SDK and every mode's form. A field's mode is data: the author of a
component writes `easy(...)`, `medium(...)` or `pro(...)` where it is declared, and the form, this
page and the contract test of plugins follow. Besides forms of components,

- the page of a guide goes from two choices in easy mode to all of them in pro;
- starting a job says in every mode what it is expected to take.

A component that is not listed below has nothing to decide.
"""


def reference(registry: PluginRegistry) -> str:
    """Return the page as Markdown."""
    parts = [INTRODUCTION]
    for kind in sorted({each.spec.kind for each in registry.components()}):
        sections = list(_components(registry, kind))
        if sections:
            parts += [f"## {kind}\n", *sections]
    return "\n".join(parts)


def _components(registry: PluginRegistry, kind: str) -> Iterator[str]:
    for each in sorted(registry.components(kind), key=lambda found: found.spec.name):
        fields: dict[str, dict[str, Any]] = registry.schema(each).get("properties", {})
        shown = {
            mode: [f"`{name}`" for name, field in fields.items() if field.get("x-mode") == mode]
            for mode in MODES
        }
        if any(shown.values()):
            yield f"### {each.spec.title} (`{each.spec.name}`)\n"
            yield from (f"- {mode}: {', '.join(names)}" for mode, names in shown.items() if names)
            yield ""


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    check: bool = parser.parse_args().check
    text = reference(PluginRegistry.load(extra=[job_kinds]))
    if check:
        if REFERENCE.read_text(encoding="utf-8") != text:
            print(f"{REFERENCE.name} is out of date: run make openapi", file=sys.stderr)
            return 1
        return 0
    REFERENCE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
