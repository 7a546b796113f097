"""Drawing samples with known probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError
from kodkod.project.corpus import LiveCorpus
from kodkod.project.query import Condition, Filter, SplitName
from kodkod.store.drawn_samples import DrawnSample, Stratum

__all__ = [
    "NONE",
    "DrawPlan",
    "Draws",
    "Strata",
    "draw_sample",
    "plan_of",
    "rows_of_plan",
    "strata_of_labels",
]

Rows = NDArray[np.int64]

NONE = "(none)"
"""The stratum of texts without a value in the column, or without a predicted label."""

_LEAST_VARIANCE = 0.01


class DrawPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to draw `n` texts of a split, or of the complete corpus, without replacement.

    `where` and `regex` leave texts out by what they are: estimates are then of the others only.
    Nothing leaves texts out by what became of them, such as being annotated already: which those
    are depends on who or what chose them.

    Without strata every text is as probable as any other. The strata are the values of a context
    `column`, or the label that a `model` (id or name) of the scheme predicts; each gets as many
    texts as `allocation` says, and `least` of them at least: in proportion to its size, the same
    number, or (Neyman) in proportion to its size times how much its labels should differ.
    """

    n: Annotated[int, Meta(ge=1, le=50_000)]
    split: SplitName = "all"
    where: Annotated[tuple[Condition, ...], Meta(max_length=20)] = ()
    regex: Annotated[str, Meta(min_length=1, max_length=1000)] | None = None
    column: str | None = None
    model: str | None = None
    allocation: Literal["proportional", "equal", "neyman"] = "proportional"
    least: Annotated[int, Meta(ge=2, le=1_000)] = 2
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0

    @property
    def population(self) -> str:
        """Say which texts are drawn from."""
        whole = "the corpus" if self.split == "all" else f"the {self.split} split"
        parts = [f"{each.column} {each.op} {_said(each.value)}".rstrip() for each in self.where]
        if self.regex is not None:
            parts.append(f"the text matches {self.regex}")
        return f"{whole} where {' and '.join(parts)}" if parts else whole


def _said(value: object) -> str:
    return "" if value is None else msgspec.json.encode(value).decode()


def plan_of(sample: DrawnSample) -> DrawPlan:
    """Return how a sample was drawn."""
    return msgspec.convert(sample.plan, DrawPlan)


def rows_of_plan(plan: DrawPlan, corpus: LiveCorpus) -> Rows:
    """Return the rows, ascending, that a plan draws from.

    Raises:
        InvalidInputError: a condition or the regular expression cannot be used.
    """
    return np.flatnonzero(corpus.mask(Filter(where=plan.where, regex=plan.regex), plan.split))


class Strata(Struct, frozen=True):
    """`of_row`, int64 `[m]`, is the place in `names` of each row that can be drawn.

    `deviations`, float64, is how much the labels of each stratum should differ (their standard
    deviation, as a guess): what Neyman's allocation goes by.
    """

    names: Sequence[str]
    of_row: Rows
    deviations: NDArray[np.float64]


class Draws(Struct, frozen=True):
    """Rows in the order in which they were drawn, the stratum of each, and the strata."""

    rows: Rows
    stratum_of: Rows
    strata: list[Stratum]


def strata_of_labels(
    probabilities: NDArray[np.float32],
    labels: Sequence[str],
    thresholds: NDArray[np.float32] | None,
) -> Strata:
    """Return the strata by the likeliest label of each text.

    `probabilities` are `[m, n_labels]`. With `thresholds`, `[n_labels]`, each label stands for
    itself: the one furthest above its own counts, and there may be none. Labels are as often
    wrong as the model says on average, of at least 1 text in 100 or so.
    """
    limits = np.zeros(len(labels), dtype=np.float32) if thresholds is None else thresholds
    best = (probabilities - limits).argmax(axis=1)
    sure = probabilities[np.arange(len(best)), best]
    best = np.where(sure >= limits[best], best, len(labels))
    used, of_row = np.unique(best, return_inverse=True)
    mean = np.bincount(of_row, weights=sure) / np.bincount(of_row)
    names = [*labels, NONE]
    return Strata(
        [names[each] for each in used.tolist()],
        of_row.astype(np.int64),
        np.sqrt(np.maximum(mean * (1 - mean), _LEAST_VARIANCE)),
    )


def draw_sample(plan: DrawPlan, rows: Rows, strata: Strata) -> Draws:
    """Draw `plan.n` of `rows`: at random in each stratum, without replacement.

    The order is random too, so that the first texts of a sample are a smaller one.

    Raises:
        InvalidInputError: there are fewer rows, or too few texts for the strata.
    """
    if plan.n > len(rows):
        raise InvalidInputError(
            f"{plan.n} texts are to be drawn of {len(rows)}; draw fewer.", field="n"
        )
    sizes = np.bincount(strata.of_row, minlength=len(strata.names))
    wanted = _allocate(plan, sizes, strata.deviations)
    rng = np.random.default_rng(plan.seed)
    places = [
        rng.choice(np.flatnonzero(strata.of_row == each), int(n), replace=False)
        for each, n in enumerate(wanted)
    ]
    chosen = rng.permutation(np.concatenate(places))
    return Draws(
        rows[chosen],
        strata.of_row[chosen],
        [
            Stratum(name=name, size=int(size), drawn=int(n))
            for name, size, n in zip(strata.names, sizes, wanted, strict=True)
        ],
    )


def _allocate(plan: DrawPlan, sizes: Rows, deviations: NDArray[np.float64]) -> Rows:
    """Return how many to draw of each stratum: `plan.n` in all (Cochran 1977, chapter 5)."""
    least = np.minimum(plan.least, sizes) if len(sizes) > 1 else np.zeros_like(sizes)
    if least.sum() > plan.n:
        raise InvalidInputError(
            f"{len(sizes)} strata with {plan.least} texts each need {int(least.sum())}, and "
            f"{plan.n} are to be drawn; draw more, or by a column with fewer values.",
            field="n",
        )
    shares = {
        "proportional": sizes.astype(np.float64),
        "equal": np.ones(len(sizes)),
        "neyman": sizes * deviations,
    }[plan.allocation]
    drawn = least.copy()
    while (left := plan.n - int(drawn.sum())) > 0:
        # What a stratum has no texts left for goes to the others, by the same shares.
        room = sizes - drawn
        open_shares = np.where(room > 0, shares, 0.0)
        if not open_shares.any():
            open_shares = room.astype(np.float64)
        target = plan.n * open_shares / open_shares.sum()
        more = np.floor(np.clip(target - drawn, 0, room)).astype(np.int64)
        if more.sum() > left or not more.any():
            more = np.zeros_like(drawn)
            more[int(np.argmax(np.where(room > 0, target - drawn, -np.inf)))] = 1
        drawn += more
    return drawn
