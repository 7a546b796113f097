"""What may be kept of a request's body: bounded, and without what is secret."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast
from urllib.parse import parse_qsl

import msgspec

__all__ = ["HIDDEN", "MOST_BYTES", "redacted", "secret_fields"]

HIDDEN = "[hidden]"
MOST_BYTES = 65_536
_LONGEST_TEXT = 500
_MOST_ITEMS = 50
_DEEPEST = 8
# Whatever a component's params call it, and wherever somebody writes a key by mistake.
_SECRET_NAME = re.compile(r"passw|passphrase|api_?key|authorization|credential|private_?key", re.I)
_LIKE_A_KEY = re.compile(r"\b(?:sk|pk|rk|key|ghp|hf)[-_][\w*.\-]{6,}")


def redacted(body: bytes, media_type: str, secrets: Collection[str]) -> Any:
    """Return what a body says, without the fields named in `secrets` and those that look so.

    Long texts and lists are cut. None where it is neither JSON nor a form, or larger than
    `MOST_BYTES`: files are not kept.
    """
    if not body or len(body) > MOST_BYTES:
        return None
    if media_type == "application/x-www-form-urlencoded":
        return _shown(dict(parse_qsl(body.decode(errors="replace"))), secrets)
    if media_type != "application/json":
        return None
    try:
        return _shown(msgspec.json.decode(body), secrets)
    except msgspec.DecodeError:
        return None


def _shown(value: Any, secrets: Collection[str], depth: int = 0) -> Any:
    if depth > _DEEPEST:
        return "..."
    if isinstance(value, dict):
        given = cast("dict[str, Any]", value)
        return {
            _text(name): HIDDEN
            if name in secrets or _SECRET_NAME.search(name)
            else _shown(each, secrets, depth + 1)
            for name, each in list(given.items())[:_MOST_ITEMS]
        }
    if isinstance(value, list):
        items = cast("list[Any]", value)
        shown = [_shown(each, secrets, depth + 1) for each in items[:_MOST_ITEMS]]
        left = len(items) - _MOST_ITEMS
        return [*shown, f"... and {left} more"] if left > 0 else shown
    return _text(value) if isinstance(value, str) else value


def _text(said: str) -> str:
    kept = said if len(said) <= _LONGEST_TEXT else f"{said[:_LONGEST_TEXT]}..."
    # PostgreSQL keeps no NUL.
    return _LIKE_A_KEY.sub(HIDDEN, kept.replace("\0", "\ufffd"))


def secret_fields(document: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Return by operation the fields of its body that an OpenAPI document calls passwords."""
    found: dict[str, frozenset[str]] = {}
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "requestBody" in operation:
                names = frozenset(_passwords(operation["requestBody"], document, frozenset()))
                found[operation["operationId"]] = names
    return found


def _passwords(part: Any, document: Mapping[str, Any], seen: frozenset[str]) -> Iterator[str]:
    if isinstance(part, list):
        for each in cast("list[Any]", part):
            yield from _passwords(each, document, seen)
    elif isinstance(part, dict):
        given = cast("dict[str, Any]", part)
        reference = given.get("$ref")
        if isinstance(reference, str) and reference not in seen:
            schema = document["components"]["schemas"][reference.rpartition("/")[2]]
            yield from _passwords(schema, document, seen | {reference})
        for name, schema in cast("dict[str, Any]", given.get("properties", {})).items():
            if "'format': 'password'" in str(schema):
                yield name
        for each in given.values():
            yield from _passwords(each, document, seen)
