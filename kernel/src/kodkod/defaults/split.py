"""The default way to divide a corpus: at random, in proportion, or as a column says."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, Split, SplitPlan, hookimpl

API = "1.0"

_NAMES = {
    "train": Split.TRAIN,
    "training": Split.TRAIN,
    "valid": Split.VALID,
    "validation": Split.VALID,
    "val": Split.VALID,
    "dev": Split.VALID,
    "test": Split.TEST,
}


@hookimpl(trylast=True)
def split_rows(frame: pl.DataFrame, plan: SplitPlan) -> NDArray[np.uint8]:
    """Divide the rows by the plan; the same seed divides in the same way."""
    if plan.column is not None:
        return _by_column(frame[plan.column], plan.column)
    sizes = _sizes(frame.height, plan)
    rng = np.random.default_rng(plan.seed)
    if plan.stratify_by is None:
        order = rng.permutation(frame.height)
    else:
        order = _spread(frame[plan.stratify_by], rng)
    codes = np.full(frame.height, Split.TRAIN.code, dtype=np.uint8)
    codes[order[: sizes[Split.TEST]]] = Split.TEST.code
    codes[order[sizes[Split.TEST] : sizes[Split.TEST] + sizes[Split.VALID]]] = Split.VALID.code
    return codes


def _by_column(column: pl.Series, name: str) -> NDArray[np.uint8]:
    wanted = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    known = {each: split.code for each, split in _NAMES.items()}
    codes = wanted.replace_strict(known, default=None, return_dtype=pl.UInt8)
    unknown = codes.is_null()
    if unknown.any():
        row = int(unknown.arg_true()[0])
        raise InvalidInputError(
            f"Row {row + 1} of the column {name!r} says {column[row]!r}; a split is one of "
            "train, valid (or dev, validation), test.",
            field="split.column",
        )
    return codes.to_numpy()


def _sizes(n: int, plan: SplitPlan) -> dict[Split, int]:
    for name in ("train", "valid", "test"):
        size = getattr(plan, name)
        if size is not None and size < 0:
            raise InvalidInputError(
                f"split.{name} is {size}; it cannot be negative.", field=f"split.{name}"
            )
    train = n - plan.valid - plan.test if plan.train is None else plan.train
    if train < 1 or train + plan.valid + plan.test > n:
        asked = f"{plan.train if plan.train is not None else 'the rest'} train, "
        raise InvalidInputError(
            f"The file has {n} rows; they cannot be divided into {asked}{plan.valid} valid and "
            f"{plan.test} test, with at least one to train on.",
            field="split",
        )
    if train + plan.valid + plan.test < n:
        left = n - train - plan.valid - plan.test
        raise InvalidInputError(
            f"The file has {n} rows and the split names {n - left}; leave `train` out to take "
            f"the other {left} as well.",
            field="split",
        )
    return {Split.TRAIN: train, Split.VALID: plan.valid, Split.TEST: plan.test}


def _spread(strata: pl.Series, rng: np.random.Generator) -> NDArray[np.int64]:
    """Order the rows so that every stretch from the start has each stratum's share.

    The k-th of a stratum's m rows, in random order, stands at (k + u) / m of the way, where u
    is the stratum's own random offset.
    """
    codes = strata.cast(pl.String).fill_null("").rank("dense").to_numpy().astype(np.int64) - 1
    shuffled = rng.permutation(len(codes))
    by_stratum = shuffled[np.argsort(codes[shuffled], kind="stable")]
    counts = np.bincount(codes)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    within = np.arange(len(codes)) - starts
    offsets = np.repeat(rng.random(len(counts)), counts)
    place = (within + offsets) / np.repeat(counts, counts)
    return by_stratum[np.argsort(place, kind="stable")]
