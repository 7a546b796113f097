"""tf-idf: sparse term weights."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from kodkod.api import Feature, InvalidInputError, JobContext, PluginError, TextBatch
from kodkod_sklearn.params import TfidfParams

__all__ = ["Terms", "Tfidf"]

P = TypeVar("P", bound=TfidfParams)

REPORT_EVERY = 1_000
"""Texts between two reports of progress."""


class Terms(Feature[P]):
    """A fitted vocabulary with its weights: what both tf-idf features share.

    Kept on disk as JSON (the terms, in the order of the columns) and `.npy` (their weights).
    """

    _vectorizer: Any = None

    def fit_terms(self, texts: Sequence[str], ctx: JobContext) -> csr_matrix:
        """Learn vocabulary and weights, and return the weighted texts `[n, terms]`."""
        params = self.params
        if params.ngram_min > params.ngram_max:
            raise InvalidInputError(
                f"ngram_min {params.ngram_min} is greater than ngram_max {params.ngram_max}; "
                "choose it smaller or the same",
                field="ngram_min",
            )
        self._vectorizer = None
        vectorizer = _vectorizer(params, None)
        try:
            weighted: Any = vectorizer.fit_transform(_reported(texts, ctx, "reading texts"))
        except ValueError as error:
            raise InvalidInputError(_nothing_left(params, len(texts))) from error
        self._vectorizer = vectorizer
        ctx.log(f"{weighted.shape[1]} terms from {len(texts)} texts")
        return weighted

    def weigh(self, texts: Sequence[str], ctx: JobContext) -> csr_matrix:
        """Return float32 `[n, terms]`; a text without a known term is all zeros."""
        vectorizer = self._fitted()
        if not len(texts):
            return csr_matrix((0, len(vectorizer.vocabulary_)), dtype=np.float32)
        return vectorizer.transform(_reported(texts, ctx, "weighing terms"))

    def save(self, folder: Path) -> None:
        """Write `terms.json` and `idf.npy`."""
        vectorizer = self._fitted()
        terms = sorted(vectorizer.vocabulary_, key=vectorizer.vocabulary_.__getitem__)
        (folder / "terms.json").write_text(json.dumps(terms), encoding="utf-8")
        np.save(folder / "idf.npy", vectorizer.idf_, allow_pickle=False)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        terms = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        vectorizer = _vectorizer(self.params, terms)
        vectorizer.idf_ = np.load(folder / "idf.npy", allow_pickle=False)
        self._vectorizer = vectorizer

    def _fitted(self) -> Any:
        if self._vectorizer is None:
            raise PluginError("tf-idf was asked for vectors before fit or load")
        return self._vectorizer


class Tfidf(Terms[TfidfParams]):
    """Terms weighted by how rare they are, as scikit-learn's TfidfVectorizer does."""

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Learn the vocabulary.

        Raises:
            InvalidInputError: no term is left.
        """
        self.fit_terms(batch.texts, ctx)

    def transform(self, batch: TextBatch, ctx: JobContext) -> csr_matrix:
        """Return float32 CSR `[n, terms]`."""
        return self.weigh(batch.texts, ctx)


def _vectorizer(params: TfidfParams, vocabulary: Sequence[str] | None) -> Any:
    by_word = params.unit == "word"
    settings: dict[str, Any] = {
        "analyzer": "word" if by_word else "char_wb",
        # Words of one letter count too ("I", "à"), unlike in scikit-learn's own default.
        "token_pattern": r"(?u)\b\w+\b" if by_word else None,
        "ngram_range": (params.ngram_min, params.ngram_max),
        "min_df": params.min_df,
        "max_df": params.max_df,
        "max_features": None if vocabulary is not None else params.max_features,
        "sublinear_tf": params.sublinear,
        "strip_accents": "unicode" if params.strip_accents else None,
        "norm": None if params.norm == "none" else params.norm,
        "vocabulary": vocabulary,
        "dtype": np.float32,
    }
    return TfidfVectorizer(**settings)


def _reported(texts: Sequence[str], ctx: JobContext, message: str) -> Iterator[str]:
    for i, text in enumerate(texts):
        if i % REPORT_EVERY == 0:
            ctx.progress(i / len(texts), message)
        yield text


def _nothing_left(params: TfidfParams, n: int) -> str:
    return (
        f"no term is left of {n} texts: each is empty, or its terms are found in fewer than "
        f"{params.min_df} texts or in more than {params.max_df:.0%} of them; lower min_df, raise "
        "max_df, or choose characters instead of words"
    )
