"""Stretches of a text: what one coder marked with one label, and what two coders share of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kodkod.api import Span

__all__ = ["Stretch", "characters", "gaps_between", "stretches"]

Stretch = tuple[int, int]
"""Start and end, half-open."""


def stretches(spans: Iterable[Span], label: str) -> list[Stretch]:
    """Return what was marked with a label, ascending; spans that overlap are one stretch."""
    found: list[Stretch] = []
    for start, end in sorted((each.start, each.end) for each in spans if each.label == label):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def gaps_between(marked: Sequence[Stretch], length: int) -> list[int]:
    """Return the lengths of what lies before, between and after stretches."""
    ends = [0, *(end for _, end in marked)]
    starts = [*(start for start, _ in marked), length]
    return [start - end for end, start in zip(ends, starts, strict=True) if start > end]


def characters(one: Sequence[Stretch], other: Sequence[Stretch], length: int) -> list[int]:
    """Count the characters that both marked, only the first, only the second, and neither."""
    both = sum(
        max(0, min(end, other_end) - max(start, other_start))
        for start, end in one
        for other_start, other_end in other
    )
    first, second = (sum(end - start for start, end in each) for each in (one, other))
    return [both, first - both, second - both, length - first - second + both]
