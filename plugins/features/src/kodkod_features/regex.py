"""Whether and how often patterns occur."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.api import Feature, InvalidParamsError, JobContext, TextBatch
from kodkod_features.params import RegexParams

__all__ = ["Regex"]

_PER = 1_000


class Regex(Feature[RegexParams]):
    """A dimension for each pattern. Rust's engine takes time linear in a text, for any pattern."""

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """See that the patterns can be used; there is nothing to learn.

        Raises:
            InvalidParamsError: one is no regular expression.
        """
        for number, pattern in enumerate(self.params.patterns, 1):
            try:
                _count(pl.Series([""]), self._compiled(pattern))
            except pl.exceptions.PolarsError as error:
                reason = " ".join(str(error).split())
                raise InvalidParamsError(
                    f"Pattern {number}, {pattern!r}, is no regular expression: {reason}",
                    field="patterns",
                ) from error

    def transform(self, batch: TextBatch, ctx: JobContext) -> NDArray[np.float32]:
        """Return float32 `[n, patterns]`."""
        texts = pl.Series(list(batch.texts), dtype=pl.String)
        found = np.zeros((len(batch), len(self.params.patterns)), dtype=np.float32)
        for column, pattern in enumerate(self.params.patterns):
            ctx.progress(column / found.shape[1], f"looking for {pattern}")
            found[:, column] = _count(texts, self._compiled(pattern))
        if self.params.value == "presence":
            return (found > 0).astype(np.float32)
        if self.params.value == "rate":
            lengths = texts.str.len_chars().to_numpy().astype(np.float32)
            found *= _PER / np.maximum(lengths, 1)[:, None]
        return found

    def save(self, folder: Path) -> None:
        """Nothing is learnt."""

    def load(self, folder: Path) -> None:
        """Nothing is learnt."""

    def _compiled(self, pattern: str) -> str:
        return f"(?i:{pattern})" if self.params.ignore_case else pattern


def _count(texts: pl.Series, pattern: str) -> NDArray[np.uint32]:
    return texts.str.count_matches(pattern).to_numpy()
