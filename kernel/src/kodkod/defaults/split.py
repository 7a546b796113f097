"""Divides a corpus: at random, in proportion to a column, or as a column says."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, Split, SplitPlan, hookimpl

API = "2.0"

_NAMES = {
    "train": Split.TRAIN,
    "valid": Split.VALID,
    "validation": Split.VALID,
    "dev": Split.VALID,
    "test": Split.TEST,
}


@hookimpl(trylast=True)
def split_rows(frame: pl.DataFrame, plan: SplitPlan) -> NDArray[np.uint8]:
    """Return `Split.code` for each row; two calls with one seed agree.

    Raises:
        InvalidInputError: the numbers do not add up to the rows, a column is missing, or the
            split column says something else than train, valid or test.
    """
    if plan.column is not None:
        return _by_column(_column(frame, plan.column, "split.column"))
    sizes = _sizes(frame.height, plan)
    rng = np.random.default_rng(plan.seed)
    if plan.stratify_by is None:
        return _random(sizes, rng)
    return _stratified(_column(frame, plan.stratify_by, "split.stratify_by"), sizes, rng)


def _sizes(height: int, plan: SplitPlan) -> NDArray[np.int64]:
    """Return the number of rows of train, valid and test."""
    for name in Split:
        if (getattr(plan, name) or 0) < 0:
            raise InvalidInputError(
                f"{name} is {getattr(plan, name)}; give a number of texts, 0 or more.",
                field=f"split.{name}",
            )
    train = height - plan.valid - plan.test if plan.train is None else plan.train
    total = train + plan.valid + plan.test
    if train < 0 or total != height:
        parts = f"valid {plan.valid} and test {plan.test}"
        parts = parts if plan.train is None else f"train {plan.train}, {parts}"
        raise InvalidInputError(
            f"The corpus has {height} texts, and {parts} make "
            f"{plan.valid + plan.test if plan.train is None else total}; change the numbers, or "
            "leave train out so that it takes what remains.",
            field="split",
        )
    return np.array([train, plan.valid, plan.test])


def _random(sizes: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.uint8]:
    codes = np.repeat(np.arange(len(Split), dtype=np.uint8), sizes)
    rng.shuffle(codes)
    return codes


def _stratified(
    column: pl.Series, sizes: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.uint8]:
    strata = _numbered(column)
    table = _allocate(np.bincount(strata), sizes)
    # Shuffled first and sorted stably, the rows of a stratum lie together in random order.
    shuffled = rng.permutation(len(strata))
    rows = shuffled[np.argsort(strata[shuffled], kind="stable")]
    codes = np.empty(len(strata), dtype=np.uint8)
    codes[rows] = np.repeat(np.tile(np.arange(len(Split), dtype=np.uint8), len(table)), table.flat)
    return codes


def _numbered(column: pl.Series) -> NDArray[np.integer]:
    """Return each row's stratum, numbered from 0; rows without a value are a stratum too."""
    values = column.unique(maintain_order=True)
    numbers = pl.Series(np.arange(len(values)), dtype=pl.UInt32)
    found = column.replace_strict(values, numbers, return_dtype=pl.UInt32).to_numpy()
    # NumPy sorts 16-bit numbers by radix, four times faster.
    return found.astype(np.uint16) if len(values) < 2**16 else found


def _allocate(counts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return whole numbers `[n_strata, n_splits]` whose rows and columns add up exactly.

    One split after the other takes its share of what is left of each stratum, by largest
    remainder (Hamilton); the last takes the rest. Each cell is within a text or two of its
    proportion.
    """
    table = np.zeros((len(counts), len(sizes)), dtype=np.int64)
    left = counts.copy()
    # The smallest split first: an error of one text weighs most there.
    order = np.argsort(sizes, kind="stable")
    for split in order[:-1]:
        table[:, split] = _largest_remainder(left, int(sizes[split]))
        left -= table[:, split]
    table[:, order[-1]] = left
    return table


def _largest_remainder(left: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    total = int(left.sum())
    if total == 0:
        return np.zeros_like(left)
    share, remainder = np.divmod(left * size, total)
    missing = size - int(share.sum())
    # A stratum with a remainder has a text left, since its share is below what it has.
    share[np.argsort(-remainder, kind="stable")[:missing]] += 1
    return share


def _by_column(column: pl.Series) -> NDArray[np.uint8]:
    codes = {name: split.code for name, split in _NAMES.items()}
    said = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    found = said.replace_strict(codes, default=None, return_dtype=pl.UInt8)
    unknown = found.is_null()
    if unknown.any():
        row = int(unknown.arg_max() or 0)
        raise InvalidInputError(
            f"{unknown.sum()} rows of the column {column.name!r} name no split, first row "
            f"{row + 1} with {column[row]!r}; write train, valid (validation, dev) or test.",
            field="split.column",
        )
    return found.to_numpy().copy()


def _column(frame: pl.DataFrame, name: str, field: str) -> pl.Series:
    if name not in frame.columns:
        raise InvalidInputError(
            f"There is no column {name!r}; the file has {', '.join(frame.columns)}.", field=field
        )
    if frame[name].dtype.is_nested():
        raise InvalidInputError(
            f"The column {name!r} has lists or structures; name one of plain values.", field=field
        )
    return frame[name]
