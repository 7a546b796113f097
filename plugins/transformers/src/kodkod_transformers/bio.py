"""Spans as tags of units: B begins a span, I goes on with it, O is outside of any.

Ramshaw and Marcus (1995), in the form that marks the beginning of every span (IOB2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Span
from kodkod_transformers.span_units import Units

__all__ = ["TagSet", "TaggedSpan", "overlap_between_labels", "read_spans", "write_tags"]


class TagSet(Struct, frozen=True):
    """The tags that a unit can have: one of each layer.

    Within a layer spans never overlap. Where the spans of the training set do not, all labels
    share one layer and compete for each unit; where spans of different labels do, each label
    has a layer of its own, so that a unit can be in several spans at once.

    In a layer, tag 0 is O, 1 + 2j is B and 2 + 2j is I of its j-th label. Layers are equally
    large.
    """

    layers: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, labels: Sequence[str], *, overlapping: bool) -> TagSet:
        """Return the tags for some labels."""
        return cls(tuple((label,) for label in labels) if overlapping else (tuple(labels),))

    @property
    def n_layers(self) -> int:
        """How many tags a unit has at a time."""
        return len(self.layers)

    @property
    def n_tags(self) -> int:
        """How many tags there are in a layer."""
        return 1 + 2 * len(self.layers[0])

    def names(self) -> list[str]:
        """Return the tags' names, layer by layer, as a config's `id2label` has them."""
        if self.n_layers == 1:
            return list(_names(self.layers[0], "O"))
        return [name for (label,) in self.layers for name in _names((label,), f"O-{label}")]


class TaggedSpan(Struct, frozen=True, order=True):
    """A span that was read from tags, with its score in [0, 1]."""

    span: Span
    score: float


def overlap_between_labels(values: Iterable[Sequence[Span]]) -> bool:
    """Tell whether spans of different labels overlap anywhere."""
    for spans in values:
        reaching: list[Span] = []
        for span in sorted(spans):
            reaching = [each for each in reaching if each.end > span.start]
            if any(each.label != span.label for each in reaching):
                return True
            reaching.append(span)
    return False


def write_tags(spans: Sequence[Span], units: Units, tags: TagSet) -> tuple[NDArray[np.int64], int]:
    """Return the units' tags, int64 `[m, n_layers]`, and how many spans found no place.

    A span takes all units that it touches. Of spans that overlap within a layer the longest is
    kept, and the first of equally long ones: the shorter ones would cut it into pieces that
    nobody marked.
    """
    written = np.zeros((len(units), tags.n_layers), dtype=np.int64)
    place = {
        label: (layer, 1 + 2 * j)
        for layer, labels in enumerate(tags.layers)
        for j, label in enumerate(labels)
    }
    left_out = 0
    for span in sorted(spans, key=lambda each: (each.start - each.end, each)):
        if span.label not in place:
            left_out += 1
            continue
        layer, begin = place[span.label]
        covered = units.covered(span)
        if covered.start == covered.stop or written[covered, layer].any():
            left_out += 1
            continue
        written[covered, layer] = begin + 1
        written[covered.start, layer] = begin
    return written, left_out


def read_spans(
    path: NDArray[np.int64], log_probs: NDArray[np.float32], units: Units, tags: TagSet
) -> list[TaggedSpan]:
    """Return the spans that valid tags mark, ascending.

    `path` is int64 `[m, n_layers]`, `log_probs` float32 `[m, n_layers, n_tags]`. A span's score
    is the geometric mean of the probabilities of its units' tags, so that long spans are
    not at a disadvantage.
    """
    found: list[TaggedSpan] = []
    for layer, labels in enumerate(tags.layers):
        tagged = path[:, layer]
        chosen = np.take_along_axis(log_probs[:, layer], tagged[:, None], axis=1)[:, 0]
        for first, stop in _runs(tagged):
            label = labels[(tagged[first] - 1) // 2]
            span = Span(int(units.start[first]), int(units.end[stop - 1]), label)
            score = float(np.exp(chosen[first:stop].mean()))
            found.append(TaggedSpan(span, min(score, 1.0)))
    return sorted(found)


def _runs(tagged: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    begins = np.flatnonzero(tagged % 2 == 1)
    closes = np.append(np.flatnonzero((tagged == 0) | (tagged % 2 == 1)), len(tagged))
    stops = closes[np.searchsorted(closes, begins, side="right")]
    yield from zip(begins.tolist(), stops.tolist(), strict=True)


def _names(labels: Sequence[str], outside: str) -> Iterator[str]:
    yield outside
    for label in labels:
        yield f"B-{label}"
        yield f"I-{label}"
