"""Labels on stretches of a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, SchemeType, Span
from kodkod_schemes.labels import known_label, refuse
from kodkod_schemes.params import SpanParams

__all__ = ["Spans"]

_FIELDS = frozenset(Span.__struct_fields__)


class Spans(SchemeType[SpanParams, list[Span]]):
    """A value is a list of spans by start, end and label; an empty one says that none applies.

    Offsets count characters (Unicode code points), the end not included.
    """

    def validate(self, value: object, labels: Sequence[str], text: str) -> list[Span]:
        """Return the spans, sorted, each once.

        Raises:
            InvalidValueError: it is no list of spans, a span is empty, lies outside `text`, has
                an unknown label, or overlaps another where that is not allowed.
        """
        if not isinstance(value, list | tuple):
            refuse(f"A value is a list of spans, perhaps an empty one, and this is {value!r:.60}.")
        spans = sorted({_span(each, labels, len(text)) for each in value})
        if not self.params.allow_overlap:
            _refuse_overlap(spans)
        return spans

    def labels_of(self, value: list[Span]) -> list[str]:
        """Return the labels in the order in which they first occur."""
        return list(dict.fromkeys(span.label for span in value))

    def map_labels(
        self, value: list[Span], mapping: Callable[[str], str | None]
    ) -> list[Span] | None:
        """Rename, merge or drop. None if spans were there and all are dropped."""
        mapped = _mapped(value, mapping)
        return None if value and not mapped else mapped

    def encode(self, values: Sequence[list[Span]], labels: Sequence[str]) -> None:
        """Return None: spans fit no table."""
        return

    def distance(self, one: list[Span], other: list[Span]) -> float:
        """Return 1 - F1 of the characters under each label, so that overlapping earns its part."""
        a, b = _characters(one), _characters(other)
        total = sum(map(_length, a.values())) + sum(map(_length, b.values()))
        shared = sum(_shared(a[label], b[label]) for label in a.keys() & b.keys())
        return 1 - 2 * shared / total if total else 0.0

    def decode(self, probabilities: NDArray[np.float32], labels: Sequence[str]) -> list[list[Span]]:
        """Refuse: a probability for each label says nothing of where in the text.

        Raises:
            InvalidInputError: always.
        """
        raise InvalidInputError(
            "Spans cannot be told from one probability a label; choose a model that tags spans."
        )


_Stretches = list[tuple[int, int]]


def _characters(spans: Sequence[Span]) -> dict[str, _Stretches]:
    """Return where each label lies: stretches in order that do not touch."""
    found: dict[str, _Stretches] = {}
    for span in sorted(spans):
        stretches = found.setdefault(span.label, [])
        if stretches and span.start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], span.end))
        else:
            stretches.append((span.start, span.end))
    return found


def _length(stretches: _Stretches) -> int:
    return sum(end - start for start, end in stretches)


def _shared(one: _Stretches, other: _Stretches) -> int:
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)


def _span(raw: object, labels: Sequence[str], length: int) -> Span:
    if isinstance(raw, Span):
        raw = msgspec.structs.asdict(raw)
    if not isinstance(raw, Mapping) or raw.keys() != _FIELDS:
        refuse(f"A span has start, end and label and nothing else, and this is {raw!r:.80}.")
    start, end = (_offset(raw[name], name) for name in ("start", "end"))
    label = known_label(raw["label"], labels)
    if not 0 <= start < end <= length:
        refuse(
            f"The span {start} to {end} ({label!r:.60}) does not fit: it needs "
            f"0 <= start < end <= {length}, the characters of the text."
        )
    return Span(start, end, label)


def _offset(raw: object, name: str) -> int:
    # True is an int to Python, and a mistake here.
    if isinstance(raw, bool) or not isinstance(raw, int):
        refuse(f"A span's {name} is a whole number of characters, and this is {raw!r:.60}.")
    return raw


def _refuse_overlap(spans: Sequence[Span]) -> None:
    for before, after in pairwise(spans):
        if after.start < before.end:
            refuse(
                f"The spans {before.start} to {before.end} and {after.start} to {after.end} "
                "overlap, which this scheme does not allow; shorten one of them."
            )


def _mapped(value: Iterable[Span], mapping: Callable[[str], str | None]) -> list[Span]:
    renamed = ((span, mapping(span.label)) for span in value)
    return sorted({Span(span.start, span.end, new) for span, new in renamed if new is not None})
