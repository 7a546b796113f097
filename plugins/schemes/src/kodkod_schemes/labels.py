"""Checks that the scheme types share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from kodkod.api import InvalidValueError

__all__ = ["known_label", "refuse"]

_NAMED = 20


def known_label(label: object, labels: Sequence[str]) -> str:
    """Return `label`, being one of the scheme's.

    Raises:
        InvalidValueError: it is no string, or not among `labels`.
    """
    if not isinstance(label, str):
        refuse(f"A label is a string, and this is {label!r:.60}.")
    if label not in labels:
        there = ", ".join(map(repr, labels[:_NAMED])) or "none yet"
        more = f" and {len(labels) - _NAMED} more" if len(labels) > _NAMED else ""
        refuse(f"The scheme has no label {label!r:.60}; it has {there}{more}.")
    return label


def refuse(message: str) -> NoReturn:
    """Refuse a value.

    Raises:
        InvalidValueError: always.
    """
    raise InvalidValueError(message, field="value")
