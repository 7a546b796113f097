"""Write docs/http.md, the HTTP reference for people, from docs/openapi.json.

    python scripts/http_reference.py            write it
    python scripts/http_reference.py --check    fail if it is not what would be written

Run it by `make openapi`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OPENAPI = ROOT / "docs" / "openapi.json"
REFERENCE = ROOT / "docs" / "http.md"
METHODS = ("get", "post", "put", "patch", "delete")
INTRODUCTION = """\
# HTTP reference

Generated from [openapi.json](openapi.json) by `make openapi`; do not edit. A running server
serves the same document at `/schema/openapi.json`.

- Requests and answers are JSON. A field that a request does not know is refused.
- Send a token as `Authorization: Bearer ...`. `POST /api/v1/auth/token` gives one for a name and
  a password, `POST /api/v1/auth/api-tokens` a long-lived one for scripts.
- Lists come in pages: ask again with `cursor` until it is null.
- Errors are problem details (RFC 9457) of the shape [Problem](#problem). Its `detail` says what
  to do; decide by `status` and `type`.
- A value is a string for multiclass, a list of strings for multilabel, a list of
  `{start, end, label}` for span (character offsets, half-open); null clears.
"""


def reference(document: dict[str, Any]) -> str:
    """Return the reference as Markdown."""
    parts = [INTRODUCTION, "## Routes\n"]
    parts += routes(document)
    parts.append("## Shapes\n")
    for name, schema in document["components"]["schemas"].items():
        if not name.endswith("Page"):
            parts.append(shape(name, schema))
    return "\n".join(parts)


def routes(document: dict[str, Any]) -> Iterator[str]:
    """Yield a section for each route."""
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                yield route(f"{method.upper()} {path}", operations[method])


def route(title: str, operation: dict[str, Any]) -> str:
    """Return a route's section: what it does, what it takes, what it answers."""
    lines = [f"### {title}\n", operation.get("description", operation["summary"]), ""]
    if not operation.get("security"):
        lines.append("- needs no token")
    for each in operation.get("parameters", []):
        if each["in"] == "query":
            told = each.get("description", "")
            lines.append(f"- `{each['name']}`: {kind(each['schema'])}{told and ', '}{told}")
    body = operation.get("requestBody", {}).get("content", {})
    lines += [f"- takes {kind(each['schema'])} ({media})" for media, each in body.items()]
    lines += [
        f"- {status}: {', '.join(answers(answer)) or 'nothing'}"
        for status, answer in operation["responses"].items()
        if status < "400"
    ]
    refused = [status for status in operation["responses"] if status >= "400"]
    lines.append(f"- problems: {', '.join(refused)}\n")
    return "\n".join(lines)


def answers(answer: dict[str, Any]) -> Iterator[str]:
    """Yield what an answer may hold."""
    for media, content in answer.get("content", {}).items():
        suffix = "" if media == "application/json" else f" ({media})"
        yield kind(content.get("schema", {})) + suffix


def shape(name: str, schema: dict[str, Any]) -> str:
    """Return a shape's section: a line for each field."""
    lines = [f"### {name}\n", schema.get("description", ""), ""]
    required = schema.get("required", [])
    for field, declared in schema.get("properties", {}).items():
        more = "" if field in required else ", may be left out"
        if declared.get("default") not in (None, {}, []):
            more = f", else {json.dumps(declared['default'], ensure_ascii=False)}"
        lines.append(f"- `{field}`: {kind(declared)}{more}")
    return "\n".join([*lines, ""])


def kind(schema: dict[str, Any]) -> str:
    """Return a schema's type in words, shapes as links."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name.endswith("Page"):
            inner = name.removesuffix("Page")
            return f"a page of [{inner}](#{inner.lower()})"
        return f"[{name}](#{name.lower()})"
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return " or ".join(dict.fromkeys(kind(each) for each in schema[choice]))
    if "enum" in schema:
        return " | ".join(f"`{each}`" for each in schema["enum"])
    if "prefixItems" in schema:
        return f"[{', '.join(kind(each) for each in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    name = str(schema.get("format") or schema.get("type") or "any value")
    return name + bounds(schema)


def bounds(schema: dict[str, Any]) -> str:
    """Return the limits of a number or a string."""
    told = [
        f"{sign} {schema[key]}"
        for key, sign in (
            ("minimum", "≥"),
            ("exclusiveMinimum", ">"),
            ("maximum", "≤"),
            ("maxLength", "length ≤"),
        )
        if key in schema
    ]
    if "pattern" in schema:
        told.append(f"`{schema['pattern']}`")
    return f" ({', '.join(told)})" if told else ""


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description="Write docs/http.md from docs/openapi.json")
    parser.add_argument("--check", action="store_true")
    text = reference(json.loads(OPENAPI.read_text()))
    if parser.parse_args().check:
        if not REFERENCE.exists() or REFERENCE.read_text() != text:
            print(f"{REFERENCE.relative_to(ROOT)} is out of date: run make openapi")
            return 1
        return 0
    REFERENCE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
