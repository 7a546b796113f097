"""What the scheme types share: a label must be one of the scheme's."""

from __future__ import annotations

from collections.abc import Sequence

from kodkod.api import InvalidValueError

__all__ = ["check_label"]

_SHOWN = 20


def check_label(label: object, labels: Sequence[str]) -> str:
    """Return `label` if it is one of `labels`.

    Raises:
        InvalidValueError: it is none of them, or no string.
    """
    if isinstance(label, str) and label in labels:
        return label
    known = ", ".join(map(repr, labels[:_SHOWN])) or "none yet"
    more = f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else ""
    raise InvalidValueError(
        f"{label!r} is no label of the scheme; its labels are {known}{more}.", field="value"
    )
