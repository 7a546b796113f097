"""The search for topics: BERTopic on embeddings that are there already."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError
from kodkod_topics.params import BertopicParams
from kodkod_topics.words import term_counter

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import CountVectorizer

__all__ = ["FEWEST", "find_topics"]

FEWEST = 10
_MEANS = 20


def find_topics(
    texts: Sequence[str], vectors: NDArray[np.float32], params: BertopicParams, seed: int
) -> tuple[NDArray[np.int64], list[str]]:
    """Return each text's topic (0 is the greatest, -1 none), and the terms that were counted.

    Raises:
        InvalidInputError: there are too few texts, they have no words, or no topic was found.
    """
    if len(texts) < max(FEWEST, 2 * params.min_size):
        raise InvalidInputError(
            f"{len(texts)} texts are too few for topics of {params.min_size} or more; lower "
            f"min_size, or add texts ({max(FEWEST, 2 * params.min_size)} at least)."
        )
    # Of a variant of UMAP that needs Tensorflow, which is not used.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)
        from bertopic import BERTopic
        from bertopic.vectorizers import ClassTfidfTransformer
    logging.getLogger("BERTopic").setLevel(logging.ERROR)
    made = BERTopic(
        # "english" would throw away every letter with an accent.
        language="multilingual",
        top_n_words=params.words,
        min_topic_size=params.min_size,
        embedding_model=None,
        umap_model=_reducer(params, len(texts), vectors.shape[1], seed),
        hdbscan_model=_clusterer(params, len(texts), seed),
        vectorizer_model=term_counter(params),
        ctfidf_model=ClassTfidfTransformer(
            bm25_weighting=params.bm25, reduce_frequent_words=params.reduce_frequent
        ),
    )
    found = _searched(made, list(texts), vectors)
    if found.max(initial=-1) < 0:
        raise InvalidInputError(
            "No topic was found: no texts lie together closely enough; lower min_size, or let "
            "k-means group them.",
            field="params.min_size",
        )
    found = _fewer(made, list(texts), found, params)
    if params.outliers != "keep" and (found < 0).any():
        given = made.reduce_outliers(
            list(texts), found.tolist(), strategy=params.outliers, embeddings=vectors
        )
        found = np.asarray(given, dtype=np.int64)
    counter: CountVectorizer = made.vectorizer_model
    return found, counter.get_feature_names_out().tolist()


def _searched(made: Any, texts: list[str], vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    try:
        found, _ = made.fit_transform(texts, embeddings=vectors)
    except ValueError as error:
        if "vocabulary" in str(error) or "no terms remain" in str(error).lower():
            raise InvalidInputError(
                "The texts have no words but stop words; choose another language, or lower "
                "min_texts."
            ) from error
        raise
    return np.asarray(found, dtype=np.int64)


def _fewer(
    made: Any, texts: list[str], found: NDArray[np.int64], params: BertopicParams
) -> NDArray[np.int64]:
    """Merge topics that are alike until there are as many as were asked for."""
    # BERTopic counts the texts in no topic as one, where there are any.
    most = params.topics + int((found < 0).any())
    if not params.topics or len(np.unique(found)) <= most:
        return found
    made.reduce_topics(texts, nr_topics=most)
    return np.asarray(made.topics_, dtype=np.int64)


def _reducer(params: BertopicParams, n: int, width: int, seed: int) -> Any:
    dims = min(params.dims, width, n - 2)
    if params.reducer == "none":
        from bertopic.dimensionality import BaseDimensionalityReduction

        return BaseDimensionalityReduction()
    if params.reducer == "pca":
        from sklearn.decomposition import PCA

        return PCA(n_components=dims, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)
        from umap import UMAP

    return UMAP(
        n_neighbors=min(params.neighbours, n - 1),
        n_components=dims,
        min_dist=0.0,
        # Its own start fails where the neighbours' graph falls apart.
        init="pca" if width >= dims else "random",
        random_state=seed,
        n_jobs=1,
    )


def _clusterer(params: BertopicParams, n: int, seed: int) -> Any:
    if params.clusterer == "kmeans":
        from sklearn.cluster import KMeans

        return KMeans(min(params.topics or _MEANS, n), n_init=cast("Any", 3), random_state=seed)
    from hdbscan import HDBSCAN

    return HDBSCAN(min_cluster_size=params.min_size, core_dist_n_jobs=1)
