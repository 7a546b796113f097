"""Labelled stretches of a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidValueError, SchemeType, Span
from kodkod_schemes.membership import check_label
from kodkod_schemes.params import SpanParams

__all__ = ["SpanScheme"]

_KEYS = {"start", "end", "label"}


class SpanScheme(SchemeType[SpanParams, list[Span]]):
    """A value is a list of spans, sorted; an empty one says that there is none."""

    def validate(self, value: object, labels: Sequence[str], text: str) -> list[Span]:
        """Return the spans sorted by place, each once."""
        if not isinstance(value, (list, tuple)):
            raise InvalidValueError(
                f"A list of spans was expected, not {type(value).__name__}.", field="value"
            )
        spans = sorted({_span(each, labels, text) for each in value})
        if not self.params.allow_overlap:
            _check_apart(spans)
        return spans

    def labels_of(self, value: list[Span]) -> list[str]:
        """Return the labels used, each once."""
        return list(dict.fromkeys(span.label for span in value))

    def map_labels(
        self, value: list[Span], mapping: Callable[[str], str | None]
    ) -> list[Span] | None:
        """Rename, merge or drop; None if all that was said is dropped."""
        kept = {
            Span(span.start, span.end, new)
            for span in value
            if (new := mapping(span.label)) is not None
        }
        return None if value and not kept else sorted(kept)

    def encode(self, values: Sequence[list[Span]], labels: Sequence[str]) -> None:
        """Return None: spans fit no table with a line a text."""

    def decode(self, probabilities: NDArray[np.float32], labels: Sequence[str]) -> list[Any]:
        """Return None for each text: probabilities of whole texts say nothing of spans."""
        return [None] * len(probabilities)


def _span(given: object, labels: Sequence[str], text: str) -> Span:
    if isinstance(given, Span):
        given = {"start": given.start, "end": given.end, "label": given.label}
    if not isinstance(given, dict) or set(given) != _KEYS:
        raise InvalidValueError(
            "A span needs start, end and label, and nothing else.", field="value"
        )
    start, end = given["start"], given["end"]
    for offset in (start, end):
        if not isinstance(offset, int) or isinstance(offset, bool):
            raise InvalidValueError(
                f"The offset {offset!r} is no whole number of characters.", field="value"
            )
    if not 0 <= start < end <= len(text):
        raise InvalidValueError(
            f"The span {start}-{end} does not lie in the text, which has {len(text)} characters "
            "(the first is 0, the end is not included, and a span has one at least).",
            field="value",
        )
    return Span(start, end, check_label(given["label"], labels))


def _check_apart(spans: Sequence[Span]) -> None:
    for before, after in zip(spans, spans[1:], strict=False):
        if after.start < before.end:
            raise InvalidValueError(
                f"The spans {before.start}-{before.end} and {after.start}-{after.end} overlap, "
                "which this scheme does not allow.",
                field="value",
            )
