"""How well each person codes: speed, known answers, agreement, and how that changes with time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median, quantiles
from typing import Any

import numpy as np
from msgspec import Struct

from kodkod.api import Value
from kodkod.project.fold import Answer, said_by_people
from kodkod.project.scheme import LiveScheme

__all__ = [
    "Coded",
    "Period",
    "Ratio",
    "adjudicated_of",
    "coded_by",
    "gold_of",
    "halves",
    "hasty",
    "label_shares",
    "label_shift",
    "median_of",
    "newcombe",
    "others_of",
    "periods",
    "quartiles",
    "seconds_of",
    "speed_change",
]

_Z = 1.959963984540054  # 95 %
_CHARACTERS_A_SECOND = 4 * 238 * 6 / 60
"""Four times 238 words a minute, at six characters a word with its space."""
_LEAST_EXPECTED = 5.0
"""Cells that a chi-squared test needs at least (Cochran 1954)."""


class Ratio(Struct, frozen=True):
    """So many of so many."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """Return the share; None of none."""
        return self.count / self.of if self.of else None

    def wilson(self) -> tuple[float, float] | None:
        """Return Wilson's interval at 95 % (1927); None of none."""
        if not self.of:
            return None
        p, n = self.count / self.of, self.of
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return max(middle - half, 0.0), min(middle + half, 1.0)


class Coded(Struct, frozen=True):
    """An answer that stands, with what there is to judge it by.

    `right` is the known answer to a gold text, `decided` what was decided of any text, `agreed`
    counts the others' answers to it that agree with this.
    """

    answer: Answer
    row: int
    value: Value
    characters: int
    right: Value | None
    attention: bool
    decided: Value | None
    agreed: Ratio
    outdated: bool


def coded_by(scheme: LiveScheme) -> dict[int, list[Coded]]:
    """Return what each person has coded, in the order in which they did. For another thread."""
    fold, gold = scheme.fold, scheme.gold
    found: dict[int, list[Coded]] = {}
    for row in list(fold.answers):
        votes = [
            (answer, value)
            for answer in list(fold.answers.get(row, {}).values())
            if said_by_people(answer) and (value := fold.value_of(answer)) is not None
        ]
        text = gold.texts.get(row)
        right = gold.right(row)
        counted = fold.counted(row)
        decided = (
            fold.value_of(counted)
            if counted is not None and counted.source == "adjudication"
            else None
        )
        judges = fold.adjudications.get(row, {})
        for answer, value in votes:
            judged = answer.user_id in judges  # Whoever decides is right by their own word.
            others = [other for each, other in votes if each.user_id != answer.user_id]
            found.setdefault(answer.user_id, []).append(
                Coded(
                    answer=answer,
                    row=row,
                    value=value,
                    characters=len(scheme.corpus.text_of(row)),
                    right=None if judged else right,
                    attention=text is not None and text.attention,
                    decided=None if judged or text is not None else decided,
                    agreed=Ratio(sum(other == value for other in others), len(others)),
                    outdated=scheme.codebooks.outdated(answer),
                )
            )
    for coded in found.values():
        coded.sort(key=lambda each: each.answer.seq)
    return found


def gold_of(coded: Sequence[Coded], *, attention: bool = False) -> Ratio:
    """Count right answers to known texts, or to attention checks."""
    asked = [each for each in coded if each.right is not None and each.attention == attention]
    return Ratio(sum(each.value == each.right for each in asked), len(asked))


def adjudicated_of(coded: Sequence[Coded]) -> Ratio:
    """Count the answers that a decision confirmed, of those on which there is one."""
    decided = [each for each in coded if each.decided is not None]
    return Ratio(sum(each.value == each.decided for each in decided), len(decided))


def others_of(coded: Sequence[Coded]) -> Ratio:
    """Count the pairs with another's answer that agree."""
    return Ratio(sum(e.agreed.count for e in coded), sum(e.agreed.of for e in coded))


def seconds_of(coded: Sequence[Coded]) -> list[float]:
    """Return the times that were taken, of answers given in the product."""
    times = (each.answer.seconds for each in coded)
    return [each for each in times if each is not None]


def quartiles(times: Sequence[float]) -> tuple[float, float, float] | None:
    """Return the quartiles of times; None of none."""
    if not times:
        return None
    if len(times) == 1:
        return times[0], times[0], times[0]
    q1, q2, q3 = quantiles(times, n=4, method="inclusive")
    return q1, q2, q3


def median_of(times: Sequence[float]) -> float | None:
    """Return the median of times; None of none."""
    return median(times) if times else None


def hasty(coded: Sequence[Coded]) -> Ratio:
    """Count the answers that came sooner than the text can have been read."""
    timed = [each for each in coded if each.answer.seconds is not None]
    return Ratio(
        sum(
            each.characters > (each.answer.seconds or 0.0) * _CHARACTERS_A_SECOND for each in timed
        ),
        len(timed),
    )


def label_shares(
    coded: Sequence[Coded], labels_of: Callable[[Value], Sequence[str]]
) -> dict[str, float]:
    """Return the share of answers that have each label; several may have one."""
    counts = Counter(label for each in coded for label in labels_of(each.value))
    return {label: n / len(coded) for label, n in counts.most_common()} if coded else {}


class Period(Struct, frozen=True):
    """A stretch of somebody's answers."""

    since: datetime
    until: datetime
    coded: Sequence[Coded]


def periods(coded: Sequence[Coded], n: int, least: int = 10) -> list[Period]:
    """Divide answers into up to `n` stretches of equal length, of `least` answers or more."""
    n = max(min(n, len(coded) // least), 1)
    bounds = [round(len(coded) * i / n) for i in range(n + 1)]
    parts = [coded[start:end] for start, end in pairwise(bounds)]
    return [
        Period(part[0].answer.created_at, part[-1].answer.created_at, part)
        for part in parts
        if part
    ]


def halves(coded: Sequence[Coded]) -> tuple[Sequence[Coded], Sequence[Coded]]:
    """Divide answers into the first and the second half."""
    middle = len(coded) // 2
    return coded[:middle], coded[middle:]


def newcombe(before: Ratio, after: Ratio) -> tuple[float, float, float] | None:
    """Return how a share changed, with Newcombe's interval at 95 % (1998, method 10)."""
    one, other = before.wilson(), after.wilson()
    if one is None or other is None:
        return None
    p, q = before.count / before.of, after.count / after.of
    change = q - p
    low = change - math.hypot(q - other[0], one[1] - p)
    high = change + math.hypot(other[1] - q, p - one[0])
    return change, max(low, -1.0), min(high, 1.0)


def speed_change(before: Sequence[Coded], after: Sequence[Coded]) -> float | None:
    """Return the median time of the second part as a share of that of the first."""
    first, second = (median_of(seconds_of(part)) for part in (before, after))
    return second / first if first and second is not None else None


def label_shift(
    before: Sequence[Coded],
    after: Sequence[Coded],
    labels_of: Callable[[Value], Sequence[str]],
) -> tuple[float, float | None] | None:
    """Return how far the labels' shares are apart, and how likely that is by chance.

    The distance is half the sum of absolute differences (total variation). The p-value is of a
    chi-squared test; None where cells are too small for one.
    """
    counts = [
        Counter(label for each in part for label in labels_of(each.value))
        for part in (before, after)
    ]
    labels = sorted(counts[0].keys() | counts[1].keys())
    table = np.array([[count[label] for label in labels] for count in counts], dtype=np.float64)
    totals = table.sum(axis=1, keepdims=True)
    if not totals.all():
        return None
    distance = float(np.abs(np.diff(table / totals, axis=0)).sum()) / 2
    if len(labels) < 2:
        return distance, None
    from scipy.stats import chi2_contingency  # takes a second to import

    found: Any = chi2_contingency(table)
    return distance, float(found.pvalue) if found.expected_freq.min() >= _LEAST_EXPECTED else None
