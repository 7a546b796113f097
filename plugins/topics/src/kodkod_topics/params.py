"""Params of the topic model and of the feature made of it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kodkod.api import Params, easy, medium, pro

__all__ = ["BertopicParams", "MembershipParams"]


class BertopicParams(Params, frozen=True):
    """What BERTopic does with embeddings that are there already."""

    topics: Annotated[
        int,
        easy("So many topics; 0 leaves it to the texts (k-means then makes 20)", ge=0, le=1_000),
    ] = 0
    min_size: Annotated[int, easy("Texts that a topic has at least", ge=2, le=100_000)] = 10
    language: Annotated[
        str,
        easy("Language whose stop words are no topic's words (two letters); empty: none"),
        Meta(pattern=r"^([a-z]{2,3})?$"),
    ] = "en"
    stop_words: Annotated[
        tuple[str, ...], medium("Further words that are no topic's words", max_length=1_000)
    ] = ()
    ngrams: Annotated[int, medium("Words that stand together at most in a term", ge=1, le=3)] = 1
    words: Annotated[int, medium("Words that describe a topic", ge=1, le=50)] = 10
    reducer: Annotated[
        Literal["umap", "pca", "none"], medium("How vectors are reduced before texts are grouped")
    ] = "umap"
    clusterer: Annotated[
        Literal["hdbscan", "kmeans"],
        medium("How texts are grouped; k-means leaves no text without a topic"),
    ] = "hdbscan"
    outliers: Annotated[
        Literal["keep", "embeddings", "c-tf-idf"],
        medium("Leave texts in no topic, or give them the one that they are most like"),
    ] = "keep"
    sample: Annotated[
        int, medium("Look for topics in this many texts; the others are assigned", ge=100)
    ] = 50_000
    neighbours: Annotated[int, pro("Nearest texts that UMAP looks at", ge=2, le=200)] = 15
    dims: Annotated[int, pro("Dimensions in which texts are grouped", ge=2, le=100)] = 5
    min_texts: Annotated[
        int, pro("Topics that a term is in at least, to describe one", ge=1, le=1_000)
    ] = 1
    vocabulary: Annotated[int, pro("Terms that are counted at most", ge=100)] = 100_000
    bm25: Annotated[bool, pro("Weigh rare terms by BM25, which minds frequent ones less")] = False
    reduce_frequent: Annotated[bool, pro("Take the root of how often a term is there")] = False


class MembershipParams(Params, frozen=True):
    """Which topics."""

    topics: Annotated[str, easy("Name or id of the topics", min_length=1)]
