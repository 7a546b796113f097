"""Where a scheme stands: counts over its fold."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import median

import numpy as np
from msgspec import Struct

from kodkod.api import Split
from kodkod.project.scheme import LiveScheme
from kodkod.project.sight import Sight

__all__ = ["Counts", "count", "count_annotated"]


class Counts(Struct, frozen=True, kw_only=True):
    """`labels[label][split]` counts texts whose counting value has the label."""

    annotated: dict[str, int]
    labels: dict[str, Counter[str]]
    by_user: dict[int, int]
    seconds: dict[int, float | None]
    disagreed: int


def count_annotated(scheme: LiveScheme) -> dict[str, int]:
    """Count, by split, the texts that have a value."""
    said = scheme.corpus.splits[scheme.fold.coded]
    counts = np.bincount(said, minlength=len(Split))
    return {split.value: int(counts[split.code]) for split in Split}


def count(scheme: LiveScheme, sight: Sight) -> Counts:
    """Count labels, annotators and disagreements, where the reader may see them.

    Takes a microsecond or so for each answer.
    """
    fold, corpus = scheme.fold, scheme.corpus
    labels: dict[str, Counter[str]] = {name: Counter() for name in scheme.coder.names}
    by_user: Counter[int] = Counter()
    seconds: defaultdict[int, list[float]] = defaultdict(list)
    disagreed = 0
    for row in fold.rows_said_of():
        if sight.hides(row):
            continue
        split = corpus.split_of(row).value
        value = fold.value_of(fold.counted(row))
        if value is None:
            continue
        for label in scheme.scheme_type.labels_of(value):
            # A label may have been renamed on the event loop since the count began.
            labels.setdefault(label, Counter())[split] += 1
        # Votes alone: whoever adjudicates agrees or disagrees with nobody, and codes nothing.
        votes = fold.answers.get(row, {}).values()
        said = [(a, v) for a in votes if (v := fold.value_of(a)) is not None]
        disagreed += any(other != said[0][1] for _, other in said[1:])
        for answer, _ in said:
            by_user[answer.user_id] += 1
            if answer.seconds is not None:
                seconds[answer.user_id].append(answer.seconds)
    return Counts(
        annotated=count_annotated(scheme),
        labels=labels,
        by_user=dict(by_user),
        seconds={user: median(times) for user, times in seconds.items()},
        disagreed=disagreed,
    )
