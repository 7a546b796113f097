"""Between what people say (label names) and what the log keeps (label ids)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec

from kodkod.api import InvalidValueError, SchemeType, Span, Value
from kodkod.store.labels import Label

__all__ = ["Coder", "value_from"]

_CACHE = 4_096
_UNREAD: Any = object()


def value_from(raw: str) -> Value:
    """Read a stored value; its labels are ids written as strings."""
    plain: Any = msgspec.json.decode(raw)
    if isinstance(plain, list) and plain and isinstance(plain[0], dict):
        return msgspec.convert(plain, list[Span])
    return plain


class Coder:
    """Codes and decodes the values of one scheme as its labels are now.

    `merged` says what became of labels that are no more: another label's id, or None for a
    deleted one. Renaming, merging and deleting thus change what a stored value reads as, and
    never the stored value.
    """

    def __init__(
        self,
        scheme_type: SchemeType[Any, Any],
        labels: Sequence[Label],
        merged: Mapping[int, int | None],
    ) -> None:
        self.scheme_type = scheme_type
        # The log is the truth: a label it has retired counts as gone even if its row is there.
        self.labels = tuple(label for label in labels if label.id not in merged)
        labels = self.labels
        self.names = tuple(label.name for label in labels)
        self.ids = tuple(label.id for label in labels)
        self._id_of = {label.name: str(label.id) for label in labels}
        self._name_of = _names_by_id(labels, merged)
        self._place = {name: place for place, name in enumerate(self.names)}
        self._read: dict[str, Any] = {}

    def name_of(self, label_id: int) -> str | None:
        """Return what a label is called now, or the one it was merged into."""
        return self._name_of.get(str(label_id))

    @property
    def many_labels(self) -> bool:
        """Tell whether a text may have several labels, each of them for itself."""
        table = self.scheme_type.encode([], self.names)
        return table is not None and table.ndim == 2

    def code(self, value: object, text: str) -> str | None:
        """Check a value and return what the log keeps of it; None clears.

        Raises:
            InvalidValueError: the value does not fit the scheme or the text.
        """
        if value is None:
            return None
        valid = self.scheme_type.validate(value, self.names, text)
        coded = self.scheme_type.map_labels(valid, self._id_of.__getitem__)
        if coded is None:
            raise InvalidValueError("The value says nothing; send null to clear.", field="value")
        return msgspec.json.encode(coded).decode()

    def read(self, raw: str | None) -> Value | None:
        """Return a stored value in the labels of now; None where nothing of it is left."""
        if raw is None:
            return None
        # Other threads read too: what is cached may be cleared between a look and a fetch.
        value = self._read.get(raw, _UNREAD)
        if value is _UNREAD:
            mapped = self.scheme_type.map_labels(value_from(raw), self._name_of.get)
            value = self.canonical(mapped)
            if len(self._read) >= _CACHE:
                self._read.clear()
            self._read[raw] = value
        return value

    def canonical(self, value: Value | None) -> Value | None:
        """Put a list of labels into the scheme's order, so that equal values are equal.

        Values were stored in the order that the labels had then, and a guide has its own.
        """
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            return value
        said = cast("list[str]", value)
        last = len(self.names)
        return sorted(said, key=lambda name: (self._place.get(name, last), name))


def _names_by_id(labels: Sequence[Label], merged: Mapping[int, int | None]) -> dict[str, str]:
    names = {label.id: label.name for label in labels}
    for gone in merged:
        target: int | None = gone
        # A label may be merged into one that is merged on; the fold keeps circles out.
        while target is not None and target in merged:
            target = merged[target]
        if target is not None and target in names:
            names[gone] = names[target]
    return {str(id_): name for id_, name in names.items()}
