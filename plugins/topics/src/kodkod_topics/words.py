"""Which words a topic's texts use more than others: c-TF-IDF (Grootendorst 2022)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kodkod.api import InvalidInputError, TopicWord
from kodkod_topics.params import BertopicParams

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import CountVectorizer

__all__ = ["count_terms", "describe", "term_counter"]

_TEXTS = 20_000


def term_counter(
    params: BertopicParams, vocabulary: Sequence[str] | None = None
) -> CountVectorizer:
    """Return what counts terms, of a vocabulary that is known already where it is given.

    Raises:
        InvalidInputError: there are no stop words for the language.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(
        ngram_range=(1, params.ngrams),
        stop_words=_stop_words(params) or None,
        min_df=params.min_texts,
        max_features=params.vocabulary,
        vocabulary=None if vocabulary is None else list(vocabulary),
    )


def _stop_words(params: BertopicParams) -> list[str]:
    import stopwordsiso

    if params.language and not stopwordsiso.has_lang(params.language):
        known = ", ".join(sorted(stopwordsiso.langs()))
        raise InvalidInputError(
            f"There are no stop words for the language {params.language!r}; leave it empty and "
            f"name words in stop_words, or choose among {known}.",
            field="params.language",
        )
    listed = stopwordsiso.stopwords(params.language) if params.language else frozenset()
    wanted = {word.lower() for word in (*listed, *params.stop_words)}
    # They are compared with what the counter makes of texts: "don't" is "don" there.
    analyse = _words_of()
    return sorted({part for word in wanted for part in analyse(word)} | wanted)


def _words_of() -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer().build_analyzer()


def count_terms(
    counter: CountVectorizer, texts: Sequence[str], groups: NDArray[np.int64], n_groups: int
) -> csr_matrix:
    """Return how often each term is in the texts of each group, float64 CSR `[n_groups, terms]`."""
    total: Any = csr_matrix((n_groups, len(cast("Any", counter).vocabulary)), dtype=np.float64)
    for start in range(0, len(texts), _TEXTS):
        part = texts[start : start + _TEXTS]
        counts = cast("Any", counter).transform(part)
        of = groups[start : start + len(part)]
        ones = np.ones(len(part))
        member = csr_matrix((ones, (of, np.arange(len(part)))), shape=(n_groups, len(part)))
        total = total + cast("Any", member) @ counts
    return csr_matrix(total)


def describe(
    counts: csr_matrix, vocabulary: Sequence[str], params: BertopicParams
) -> list[tuple[TopicWord, ...]]:
    """Return the words of each row of `counts`, weights descending; words of no weight are none."""
    # A group without texts is none. A term may be in no text: BERTopic joins texts, and finds
    # those that stand across two of them.
    groups, terms = _used(counts)
    used: Any = csr_matrix(cast("Any", counts)[groups][:, terms], copy=True)
    found: list[tuple[TopicWord, ...]] = [()] * cast("Any", counts).shape[0]
    if not used.nnz:
        return found
    weights = _weigh(used, params)
    for i, group in enumerate(groups.tolist()):
        part = slice(weights.indptr[i], weights.indptr[i + 1])
        columns = terms[weights.indices[part]]
        found[group] = _top(columns, weights.data[part], vocabulary, params.words)
    return found


def _weigh(counts: Any, params: BertopicParams) -> Any:
    """Return c-TF-IDF as BERTopic has it, which is not imported for that: it takes seconds."""
    by_term = np.asarray(counts.sum(axis=0)).ravel()
    mean = int(counts.sum(axis=1).mean())
    if params.bm25:
        rarity = np.log(1 + (mean - by_term + 0.5) / (by_term + 0.5))
    else:
        rarity = np.log(mean / by_term + 1)
    shares = csr_matrix(counts.multiply(1 / counts.sum(axis=1)))
    if params.reduce_frequent:
        shares.data = np.sqrt(shares.data)
    return csr_matrix(cast("Any", shares).multiply(rarity))


def _used(counts: csr_matrix) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which groups have terms, and which terms are there."""
    by_group = np.asarray(cast("Any", counts).sum(axis=1)).ravel()
    by_term = np.asarray(cast("Any", counts).sum(axis=0)).ravel()
    return np.flatnonzero(by_group), np.flatnonzero(by_term)


def _top(
    columns: NDArray[Any], weights: NDArray[Any], vocabulary: Sequence[str], n: int
) -> tuple[TopicWord, ...]:
    order = np.lexsort((columns, -weights))[:n]
    return tuple(
        TopicWord(vocabulary[int(columns[i])], float(weights[i])) for i in order if weights[i] > 0
    )
