"""Write what the server says, for translators: webui/src/locales/{components,messages}.json.

    python scripts/server_words.py            write them
    python scripts/server_words.py --check    fail if they are not what would be written

The components' words are asked of the components; messages are read from the sources, where they
are raised, reported or noted. A value in a message is a place, `{{0}}`. Run it by `make openapi`.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from said_in_sources import Source, error_names, messages_in

from kodkod.jobs.kinds import plugin as job_kinds
from kodkod.plugins import PluginRegistry

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "webui" / "src" / "locales"
SOURCES = ("kernel/src", *sorted(f"plugins/{each.name}/src" for each in ROOT.glob("plugins/*")))
# Said on a command line, in a log or to authors of plugins, and not on a page.
NOT_ON_PAGES = re.compile(
    r"/kodkod/(cli|testing|demo|jobs/brokers)/|/store/backup/|/kodkod/settings\.py$"
)

OF_SETTINGS = "settings: "

# What msgspec says of a request or of params that do not fit their type.
OF_MSGSPEC = (
    "Expected `{{0}}`",
    "Expected `{{0}}`, got `{{1}}`",
    "Expected `{{0}}` >= {{1}}",
    "Expected `{{0}}` <= {{1}}",
    "Expected `{{0}}` > {{1}}",
    "Expected `{{0}}` < {{1}}",
    "Expected `{{0}}` of length >= {{1}}",
    "Expected `{{0}}` of length <= {{1}}",
    "Expected `str` matching regex {{0}}",
    "Invalid enum value {{0}}",
    "Invalid value {{0}}",
    "JSON is malformed: {{0}}",
    "Object contains unknown field `{{0}}`",
    "Object missing required field `{{0}}`",
)
# What stands in the places of messages: after a number, or before a name.
IN_PLACES = (
    *(
        "text",
        "texts",
        "labels",
        "points",
        "word",
        "words",
        "field",
        "fields",
        "none",
        "the corpus",
        "test split",
    ),
    *("exporter", "feature", "file", "importer", "label", "labeller", "labelling", "metric"),
    *("model", "projection", "prompt", "sample", "scheme", "simulation", "strategy", "thread"),
    *("topics", "user"),
)


def component_words(registry: PluginRegistry) -> list[str]:
    """Return the words of all components and of their forms."""
    found: set[str] = set()
    for each in registry.components():
        found |= {each.spec.title, each.spec.summary}
        # A form cannot be made of what only the kernel's own jobs are given.
        if each.spec.kind != "job":
            found.update(_of_form(registry.schema(each)))
    return sorted(found - {""})


def _of_form(schema: dict[str, Any]) -> Iterator[str]:
    """Find what the web UI's form shows of a schema; see its `fieldsOf`."""
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, field in part.get("properties", {}).items():
            yield field.get("title") or _readable(name)
            yield field.get("description", "")
            # Encodings have no names but their own.
            if name != "encoding":
                yield from (each for each in _options(field) if isinstance(each, str))
    for part in schema.get("$defs", {}).values():
        yield from (each for each in part.get("enum", ()) if isinstance(each, str))


def _options(field: dict[str, Any]) -> Iterator[Any]:
    yield from field.get("enum", ())
    for inside in (*field.get("anyOf", ()), field.get("items")):
        if isinstance(inside, dict):
            yield from _options(inside)


def _readable(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def message_words() -> list[str]:
    """Return the messages of kernel and plugins."""
    files = sorted(each for folder in SOURCES for each in (ROOT / folder).rglob("*.py"))
    sources = [Source(each, ast.parse(each.read_text(encoding="utf-8"))) for each in files]
    errors = error_names(sources)
    found = {*OF_MSGSPEC, *IN_PLACES}
    for each in sources:
        if not NOT_ON_PAGES.search(each.path.as_posix()):
            said = messages_in(each, errors)
            found.update(words for words in said if not words.startswith(OF_SETTINGS))
    return sorted(found)


def main() -> int:
    """Write the lists, or check them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    check: bool = parser.parse_args().check
    lists = {
        "components": component_words(PluginRegistry.load(extra=[job_kinds])),
        "messages": message_words(),
    }
    stale = 0
    for name, words in lists.items():
        file = LOCALES / f"{name}.json"
        text = json.dumps(words, ensure_ascii=False, indent=2) + "\n"
        if not check:
            file.write_text(text, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            print(f"{file.name} is out of date: run make openapi", file=sys.stderr)
            stale += 1
    return min(stale, 1)


if __name__ == "__main__":
    sys.exit(main())
