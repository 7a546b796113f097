"""Params: from one Struct come validation, schema, form, command line and SDK types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from kodkod.api.errors import InvalidParamsError

__all__ = ["Mode", "NoParams", "Params", "decode_params", "easy", "medium", "params_schema", "pro"]

Mode = Literal["easy", "medium", "pro"]


class Params(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every component's params: immutable, by keyword, unknown names refused."""


class NoParams(Params, frozen=True):
    """The params of a component that has none."""


def easy(description: str, *, title: str | None = None, **bounds: Any) -> Meta:
    """Describe a field that everybody sees. `bounds` are msgspec's: ge, gt, le, lt, pattern, ..."""
    return _meta("easy", description, title, bounds)


def medium(description: str, *, title: str | None = None, **bounds: Any) -> Meta:
    """Describe a field that changes results."""
    return _meta("medium", description, title, bounds)


def pro(description: str, *, title: str | None = None, **bounds: Any) -> Meta:
    """Describe a field for those who know what it does."""
    return _meta("pro", description, title, bounds)


def _meta(mode: Mode, description: str, title: str | None, bounds: dict[str, Any]) -> Meta:
    return Meta(title=title, description=description, extra_json_schema={"x-mode": mode}, **bounds)


P = TypeVar("P", bound=Params)


def decode_params(params: type[P], raw: Mapping[str, Any] | None) -> P:
    """Build `params` from what a form, a file or a request sent.

    Raises:
        InvalidParamsError: a name is unknown, a type is wrong or a bound is broken.
    """
    try:
        return msgspec.convert(dict(raw or {}), params, strict=True)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").lstrip(".") or None
        where = f"params.{field}" if field else "params"
        raise InvalidParamsError(f"{where}: {message}", field=field) from error


def params_schema(params: type[Params]) -> dict[str, Any]:
    """Return the JSON Schema of `params`, whole: nested definitions lie under `$defs`."""
    (schema,), components = msgspec.json.schema_components([params], ref_template="#/$defs/{name}")
    name = schema["$ref"].rpartition("/")[2]
    root = dict(components.pop(name))
    return {**root, "$defs": components} if components else root
