"""Settings of a plugin: a table of its own in the settings file, variables in the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from kodkod.api.errors import InvalidInputError
from kodkod.api.params import Params

__all__ = ["SettingsSection", "read_section"]

P = TypeVar("P", bound=Params)

_COLLECTIONS = (tuple, list, frozenset, set)


class SettingsSection(Struct, frozen=True, kw_only=True):
    """A plugin's settings: `[name]` in TOML, `KODKOD_NAME_FIELD` in the environment."""

    name: str
    params: type[Params]


def read_section(name: str, params: type[P], environ: Mapping[str, str] = os.environ) -> P:
    """Return a plugin's settings as the environment has them; the file's are put there.

    Lists are separated by commas. A variable that is empty counts as not set.

    Raises:
        InvalidInputError: a value is not acceptable; the message names the variable.
    """
    prefix = f"KODKOD_{name.upper().replace('-', '_')}_"
    hints = get_type_hints(params)
    values: dict[str, Any] = {}
    for field in params.__struct_fields__:
        raw = environ.get(prefix + field.upper(), "")
        if raw:
            values[field] = raw.split(",") if _is_collection(hints[field]) else raw
    try:
        return msgspec.convert(values, params, strict=False)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        where = prefix + path.rstrip("`").upper() if path else f"section {name}"
        raise InvalidInputError(f"settings: {where}: {message}") from error


def _is_collection(hint: Any) -> bool:
    return (get_origin(hint) or hint) in _COLLECTIONS or any(
        _is_collection(each) for each in get_args(hint) if each is not Ellipsis
    )
