"""Texts, labels, features and targets for tests: small, learnable and the same every time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from msgspec.structs import replace
from numpy.typing import NDArray

from kodkod.api import Pool, Span, TextBatch, TrainingSet

__all__ = [
    "HOSTILE_TEXTS",
    "LABELS",
    "SCHEME_TYPES",
    "make_batch",
    "make_features",
    "make_pool",
    "make_spans",
    "make_targets",
    "make_texts",
    "make_training_set",
    "span_targets",
]

LABELS = ("economy", "sport", "weather", "never seen")
"""The last one is in no target, as a label that was just added."""

SCHEME_TYPES = ("multiclass", "multilabel")
"""The scheme types for which there are targets that are a table; see `make_spans` for spans."""

HOSTILE_TEXTS = (
    "",
    " \t\n",
    "👩‍👩‍👧‍👦 e\u0301 \U0001d54f",
    "\u05e9\u05dc\u05d5\u05dd \u202e\u0645\u0631\u062d\u0628\u0627",
    "tax " * 25_000,
    "x" * 100_000,
    "before\x00after",
    "\ufeff\u200b\ufffd",
    "<script>alert(1)</script> ' OR 1=1; -- {0} %s ${x}",
)
"""Empty, blank, emoji, right to left, 100,000 characters twice, NUL, invisible, markup."""

_WORDS = (
    ("bank", "tax", "market", "price", "budget", "wages", "trade", "loan"),
    ("goal", "team", "match", "coach", "league", "race", "medal", "player"),
    ("rain", "storm", "cloud", "wind", "snow", "heat", "frost", "drought"),
)
_EVERYWHERE = ("the", "a", "of", "today", "and", "said", "new", "for")
_DIM = 12
_SPAN_WORDS = {word: LABELS[i] for i, words in enumerate(_WORDS) for word in words[:4]}
_WORD = re.compile(rf"\b(?:{'|'.join(_SPAN_WORDS)})\b")


def make_texts(n: int, seed: int = 0) -> list[str]:
    """Return `n` texts; text `i` is about the topic `i % 3`, in its words and common ones."""
    rng = np.random.default_rng(seed)
    texts: list[str] = []
    for i in range(n):
        words = [*rng.choice(_WORDS[i % 3], 6), *rng.choice(_EVERYWHERE, 6)]
        rng.shuffle(words)
        texts.append(" ".join(words))
    return texts


def make_batch(texts: Sequence[str]) -> TextBatch:
    """Return the texts with row numbers and context: `number`, `category`, `topic`, `missing`."""
    n = len(texts)
    return TextBatch(
        rows=np.arange(n, dtype=np.int64),
        texts=list(texts),
        context=pl.DataFrame(
            {
                "number": pl.Series([i / 2 for i in range(n)], dtype=pl.Float64),
                "category": pl.Series([f"c{i % 2}" for i in range(n)], dtype=pl.String),
                "topic": pl.Series([LABELS[i % 3] for i in range(n)], dtype=pl.String),
                "missing": pl.Series([None] * n, dtype=pl.String),
            }
        ),
    )


def make_features(n: int, seed: int = 0) -> NDArray[np.float32]:
    """Return float32 `[n, 12]`, not negative, in which the three topics lie apart."""
    rng = np.random.default_rng(seed)
    features = rng.random((n, _DIM), dtype=np.float32)
    for i in range(n):
        features[i, (i % 3) * 4 : (i % 3) * 4 + 4] += 1.5
    return features


def make_targets(n: int, scheme_type: str) -> NDArray[Any]:
    """Return targets as the scheme type's `encode` gives them, for `LABELS`."""
    topics = np.arange(n, dtype=np.int64) % 3
    if scheme_type == "multiclass":
        return topics
    targets = np.zeros((n, len(LABELS)), dtype=np.uint8)
    targets[np.arange(n), topics] = 1
    # Every sixth text is about sport too, and every tenth about nothing.
    targets[::6, 1] = 1
    targets[::10] = 0
    return targets


def make_spans(texts: Sequence[str]) -> list[list[Span]]:
    """Return the spans in each text: half of the words of a topic are one each, with its label."""
    return [
        [Span(*word.span(), _SPAN_WORDS[word[0]]) for word in _WORD.finditer(text)]
        for text in texts
    ]


def make_training_set(
    n: int = 90, scheme_type: str = "multiclass", *, texts: bool = False, seed: int = 0
) -> TrainingSet:
    """Return a training set that can be learnt: features, or with `texts` none.

    One of spans (`scheme_type="span"`) has `values`, and its targets say which label is in which
    text.
    """
    written = make_texts(n, seed)
    spans = make_spans(written) if scheme_type == "span" else None
    return TrainingSet(
        batch=make_batch(written),
        features=None if texts else make_features(n, seed),
        targets=make_targets(n, scheme_type) if spans is None else span_targets(spans),
        labels=LABELS,
        seed=seed,
        values=spans,
    )


def span_targets(values: Sequence[Sequence[Span]]) -> NDArray[np.uint8]:
    """Return uint8 `[n, n_labels]`: which of `LABELS` is in which text."""
    found = [[label in {span.label for span in spans} for label in LABELS] for spans in values]
    return np.array(found, dtype=np.uint8).reshape(len(values), len(LABELS))


def make_pool(
    n: int, scheme_type: str = "multiclass", *, labelled: int | None = None, seed: int = 0
) -> Pool:
    """Return a pool of `n` rows with every array that a strategy may need, each its own.

    The last `labelled` rows are labelled (left out: a fifth), and the LLM has answered every
    second row. `neighbours` compares with all embeddings, as they are when it is asked.
    """
    rng = np.random.default_rng([seed, n])
    several = scheme_type == "multilabel"
    first = n - (n // 5 if labelled is None else labelled)
    answers = _probabilities(rng, (n,), several=several)
    answers[1::2] = np.nan
    pool = Pool(
        n=n,
        rng=np.random.default_rng(seed),
        labels=LABELS,
        multilabel=several,
        probabilities=_probabilities(rng, (n,), several=several),
        embeddings=rng.standard_normal((n, _DIM)).astype(np.float32),
        labelled=np.arange(first, n, dtype=np.int64),
        targets=make_targets(n, scheme_type)[first:],
        held_out=_probabilities(rng, (n - first,), several=several),
        committee=_probabilities(rng, (3, n), several=several),
        llm=answers,
        query=rng.standard_normal(_DIM).astype(np.float32),
        base=rng.permutation(n),
    )
    return replace(pool, neighbours=_Compared(pool.embeddings))


class _Compared:
    def __init__(self, embeddings: Any) -> None:
        self._embeddings = embeddings

    def near(self, vectors: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        lengths = np.linalg.norm(self._embeddings, axis=1)
        cosines = vectors @ self._embeddings.T / np.maximum(lengths, 1e-9)
        found = np.full((len(vectors), k), -1, dtype=np.int64)
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        found[:, : nearest.shape[1]] = nearest
        return found


def _probabilities(
    rng: np.random.Generator, shape: tuple[int, ...], *, several: bool
) -> NDArray[np.float32]:
    if several:
        return rng.random((*shape, len(LABELS)), dtype=np.float32)
    return rng.dirichlet(np.ones(len(LABELS)), shape).astype(np.float32)
