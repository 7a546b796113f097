"""Which predicted span stands for which span of the reference, by four ways of counting.

Those of SemEval-2013 task 9.1 (Segura-Bedmar, Martinez and Herrero-Zazo 2013), as nervaluate has
them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

from kodkod.api import Span

__all__ = ["WAYS", "Credit", "credits_of", "is_same"]

Credit = Callable[[Span, Span], float]
"""What a predicted span earns for one of the reference: 0, 0.5 or 1."""


def is_same(one: Span, other: Span) -> bool:
    """Tell whether two spans have the same borders."""
    return one.start == other.start and one.end == other.end


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _strict(one: Span, other: Span) -> float:
    return float(one == other)


def _exact(one: Span, other: Span) -> float:
    return float(is_same(one, other))


def _partial(one: Span, other: Span) -> float:
    return 1.0 if is_same(one, other) else 0.5 * _overlap(one, other)


def _type(one: Span, other: Span) -> float:
    return float(one.label == other.label and _overlap(one, other))


WAYS: dict[str, Credit] = {
    "strict": _strict,
    "exact": _exact,
    "partial": _partial,
    "type": _type,
}
"""strict: borders and label. exact: borders, whatever the label. partial: an overlap, whatever the
label, for half where the borders differ. type: an overlap and the label."""


def credits_of(
    reference: Sequence[Span], predicted: Sequence[Span], credit: Credit
) -> list[tuple[Span, Span, float]]:
    """Return pairs (reference, predicted, credit), each span in one pair at most.

    Spans with the same borders are paired first, and of those with the same label; the others from
    left to right, which leaves none over that could be paired where spans do not overlap among
    themselves.
    """
    pairs: list[tuple[Span, Span, float]] = []
    left = sorted(reference, key=attrgetter("end", "start"))
    open_ = sorted(predicted, key=attrgetter("end", "start"))
    for fits in (Span.__eq__, is_same, _overlap):
        open_ = [span for span in open_ if not _paired(span, left, fits, credit, pairs)]
    return pairs


def _paired(
    span: Span,
    left: list[Span],
    fits: Callable[[Span, Span], bool],
    credit: Credit,
    pairs: list[tuple[Span, Span, float]],
) -> bool:
    """Pair a predicted span with the first of `left` that fits, and take that out of `left`."""
    for place, other in enumerate(left):
        if fits(other, span) and (earned := credit(other, span)):
            pairs.append((left.pop(place), span, earned))
            return True
    return False
