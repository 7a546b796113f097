"""From what people and machines said of texts to the questions that estimators answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
import polars as pl
from msgspec import Meta, Struct
from numpy.typing import NDArray

from kodkod.api import ConflictError, Estimand, InvalidInputError, SampleDesign
from kodkod.project.drawn_samples import plan_of
from kodkod.store.drawn_samples import DrawnSample
from kodkod.store.draws import FirstDraws

__all__ = [
    "Covariate",
    "EstimateQuestion",
    "Frame",
    "Table",
    "covariates_of",
    "design_of_sample",
    "random_draws",
    "simple_design",
    "whole_split_design",
]

Rows = NDArray[np.int64]

_RANDOM = "random"
_MOST_CATEGORIES = 50
# Texts on lease are not annotated and yet not open; a request leases up to 100.
_ON_LEASE = 500


class Covariate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A context column in a regression.

    A column of numbers counts as it is, or with `standardise` in standard deviations from its
    mean. Another one, or one that is `categorical`, has an indicator for each of its values but
    the `reference`, which is the most frequent one where it is not named.
    """

    column: str
    standardise: bool = False
    categorical: bool = False
    reference: str | None = None


class EstimateQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to estimate: the share of texts with a label, in all or `by` each value of a context
    column, or the coefficients of a regression of having the label on covariates.

    Without `labels` a share is of each label of the scheme.
    """

    kind: Literal["prevalence", "mean-by-group", "linear", "logistic"] = "prevalence"
    labels: Annotated[tuple[str, ...], Meta(max_length=50)] = ()
    by: str | None = None
    covariates: Annotated[tuple[Covariate, ...], Meta(max_length=20)] = ()


class Frame(Struct, frozen=True, kw_only=True):
    """The rows, int64 ascending, that a sample was drawn from, and how.

    The design counts rows by their places in `rows`. `of` says in words which rows they are.
    """

    rows: Rows
    design: SampleDesign
    of: str
    notes: tuple[str, ...] = ()


class Table(Struct, frozen=True):
    """Covariates of one question, float64 `[n, k]`, by name; `group` names the part it is of."""

    estimand: Estimand
    values: NDArray[np.float64]
    names: tuple[str, ...]
    group: str | None = None


def design_of_sample(
    sample: DrawnSample, population: Rows, annotated: Rows, *, left_out: bool = False
) -> Frame:
    """Return the frame of a drawn sample.

    `population` are the rows, ascending, that it was drawn from, `annotated` those with a human
    label. With `left_out`, texts without one count as missing at random in their stratum.

    Raises:
        ConflictError: some of its texts have no human label yet, or the corpus is no longer the
            one that it was drawn from.
    """
    inside = population[population < sample.population]
    if len(inside) != sum(each.size for each in sample.strata):
        raise ConflictError(
            f"The texts that the sample {sample.name!r} was drawn from are no longer those of its "
            "plan; draw another."
        )
    order = np.argsort(sample.rows)
    rows = np.array(sample.rows, dtype=np.int64)[order]
    stratum_of = np.array(sample.stratum_of, dtype=np.int64)[order]
    coded = np.isin(rows, annotated)
    missing = int((~coded).sum())
    if missing and not left_out:
        raise ConflictError(
            f"{missing} of the {len(rows)} texts of the sample {sample.name!r} have no human label "
            "yet; annotate them: ask next with the filter drawn_sample."
        )
    sizes = np.array([each.size for each in sample.strata], dtype=np.int64)
    chance = np.bincount(stratum_of[coded], minlength=len(sizes)) / np.maximum(sizes, 1)
    # A stratum without a text has nothing to say.
    used = np.flatnonzero(sizes > 0)
    place = np.zeros(len(sizes), dtype=np.int64)
    place[used] = np.arange(len(used))
    design = SampleDesign(
        rows=np.searchsorted(inside, rows[coded]),
        inclusion=chance[stratum_of[coded]],
        strata=place[stratum_of[coded]],
        stratum_sizes=sizes[used],
    )
    return Frame(
        rows=inside,
        design=design,
        of=plan_of(sample).population,
        notes=_missing_notes(missing, len(rows)),
    )


def _missing_notes(missing: int, n: int) -> tuple[str, ...]:
    if not missing:
        return ()
    note = (
        f"{missing} of the {n} texts have no human label and were left out, on the assumption that "
        "they are like the others of their stratum. Nothing here can tell whether they are."
    )
    return (note,)


def whole_split_design(inside: Rows, test: Rows, annotated: Rows, *, left_out: bool) -> Frame:
    """Return the frame of a test split that was drawn from all rows by simple random sampling.

    Raises:
        ConflictError: some of its texts have no human label yet.
    """
    coded = np.intersect1d(test, annotated)
    missing = len(test) - len(coded)
    if missing and not left_out:
        raise ConflictError(
            f"{missing} of the {len(test)} texts of the test split have no human label yet; "
            "annotate them, or draw a smaller sample (POST drawn-samples)."
        )
    return simple_design(inside, coded, "the corpus", _missing_notes(missing, len(test)))


def simple_design(inside: Rows, drawn: Rows, of: str, notes: tuple[str, ...] = ()) -> Frame:
    """Return the frame of rows that were drawn of others by simple random sampling.

    Raises:
        ConflictError: none was drawn.
    """
    if not len(drawn):
        raise ConflictError("No text with a known probability is annotated; draw a sample.")
    n, size = len(drawn), len(inside)
    design = SampleDesign(
        rows=np.searchsorted(inside, drawn),
        inclusion=np.full(n, n / size),
        strata=np.zeros(n, dtype=np.int64),
        stratum_sizes=np.array([size], dtype=np.int64),
    )
    return Frame(rows=inside, design=design, of=of, notes=notes)


def random_draws(draws: FirstDraws, inside: Rows, annotated: Rows) -> Frame:
    """Return the frame of texts that the random strategy drew of all of `inside`.

    Each is as probable as any other only if nothing else chose texts of the same pool, and no
    filter narrowed it: a draw's probability, one over the texts that were open, tells.

    Raises:
        ConflictError: texts were chosen in another way, or of a part of the pool.
    """
    here = np.isin(draws.rows, inside)
    places = np.flatnonzero(here)
    places = places[np.argsort(draws.seqs[places])]
    others = sorted({draws.strategies[each] or "none" for each in places.tolist()} - {_RANDOM})
    if others:
        raise ConflictError(
            "The annotated texts were not all drawn with known probability: some were chosen by "
            f"{', '.join(map(repr, others))}. {_DRAW}"
        )
    open_then = 1 / draws.probabilities[places]
    expected = len(inside) - np.arange(len(places)) - _ON_LEASE
    if not (np.isfinite(open_then) & (open_then >= expected)).all():
        raise ConflictError(
            f"Some texts were drawn at random of a part of the corpus only, by a filter. {_DRAW}"
        )
    notes = ("Texts that annotators skipped are not in the sample; it is random among the others.",)
    drawn = np.intersect1d(draws.rows[here], annotated)
    return simple_design(inside, drawn, "the train split", notes)


_DRAW = (
    "Draw a sample (POST drawn-samples), annotate it by the filter drawn_sample, and name it; or "
    "annotate the test split, if it was split at random."
)


def covariates_of(frame: pl.DataFrame, question: EstimateQuestion, n: int) -> list[Table]:
    """Return the covariates of a question of `n` texts.

    `frame` has their context columns by their names; it has no height where there are none.

    Raises:
        InvalidInputError: a column is not there, has missing values, or too many of them.
    """
    if question.kind == "prevalence":
        return [Table("share", np.ones((n, 1)), ("share",))]
    if question.kind == "mean-by-group":
        if question.by is None:
            raise InvalidInputError("Name the column that groups go by.", field="by")
        column = _categories(frame, question.by)
        return [
            Table("share", _indicator(column, value)[:, None], (value,), value)
            for value in sorted(column.unique().to_list())
        ]
    if not question.covariates:
        raise InvalidInputError("Name a covariate at least.", field="covariates")
    columns = [np.ones(n)]
    names = ["intercept"]
    for each in question.covariates:
        for name, values in _covariate(frame, each):
            names.append(name)
            columns.append(values)
    return [Table(question.kind, np.column_stack(columns), tuple(names))]


def _covariate(
    frame: pl.DataFrame, covariate: Covariate
) -> Sequence[tuple[str, NDArray[np.float64]]]:
    series = _column(frame, covariate.column)
    if series.dtype.is_numeric() and not covariate.categorical:
        values = series.cast(pl.Float64).to_numpy()
        if not np.isfinite(values).all():
            raise _missing(covariate.column)
        if not covariate.standardise:
            return [(covariate.column, values)]
        deviation = values.std()
        if deviation == 0:
            raise InvalidInputError(
                f"The column {covariate.column!r} has one value only; leave it out.",
                field="covariates",
            )
        return [(covariate.column, (values - values.mean()) / deviation)]
    categories = _categories(frame, covariate.column)
    counts = categories.value_counts(sort=True)[covariate.column].to_list()
    reference = covariate.reference if covariate.reference is not None else counts[0]
    if reference not in counts:
        raise InvalidInputError(
            f"The column {covariate.column!r} has no value {reference!r} to be the reference.",
            field="covariates",
        )
    return [
        (f"{covariate.column}={value}", _indicator(categories, value))
        for value in sorted(counts)
        if value != reference
    ]


def _indicator(column: pl.Series, value: str) -> NDArray[np.float64]:
    return (column == value).to_numpy().astype(np.float64)


def _column(frame: pl.DataFrame, name: str) -> pl.Series:
    if name not in frame.columns:
        raise InvalidInputError(
            f"There is no context column {name!r}; there are {', '.join(frame.columns) or 'none'}."
        )
    if frame[name].null_count():
        raise _missing(name)
    return frame[name]


def _categories(frame: pl.DataFrame, name: str) -> pl.Series:
    column = _column(frame, name).cast(pl.String)
    if column.n_unique() > _MOST_CATEGORIES:
        raise InvalidInputError(
            f"The column {name!r} has {column.n_unique()} values; groups and categories go up to "
            f"{_MOST_CATEGORIES}."
        )
    return column


def _missing(name: str) -> InvalidInputError:
    return InvalidInputError(
        f"The column {name!r} has missing values; texts without one cannot be left out without "
        "changing the corpus that is asked about. Fill it in, or choose another column."
    )
