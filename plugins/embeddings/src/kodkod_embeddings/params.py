"""Params of the plugin's components. Importing this imports nothing heavy."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kodkod.api import Params, easy, medium, pro

__all__ = [
    "DEFAULT_MODEL",
    "Pooling",
    "SentenceEmbeddingsParams",
    "StaticVectorsParams",
    "fitting_tokens",
]

Pooling = Literal["auto", "mean", "cls", "max", "last"]

DEFAULT_MODEL = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
"""Fifty languages, 384 dimensions, 118 M parameters: quick enough without a GPU."""

_TOKENS_ON_CARD = 16_384
_TOKENS_A_THREAD = 512


def fitting_tokens(*, on_card: bool, threads: int = 1) -> int:
    """Return how many tokens at a time are quickest.

    A card wants many. On a processor the numbers between two layers should stay in its caches.
    """
    if on_card:
        return _TOKENS_ON_CARD
    return _TOKENS_A_THREAD * threads


class SentenceEmbeddingsParams(Params, frozen=True):
    """Which model reads the texts, and how."""

    model: Annotated[
        str,
        easy(
            "A sentence-transformers or transformers model: its name on the Hugging Face hub "
            "(org/name), or a folder below one that the administrator allows "
            "(KODKOD_LOCAL_MODELS)",
            min_length=1,
            max_length=500,
        ),
    ] = DEFAULT_MODEL
    pooling: Annotated[
        Pooling,
        medium(
            "How the vectors of a text's tokens become one; auto: as the model says, else their "
            "mean, or the last token's where the model was made to write"
        ),
    ] = "auto"
    prompt: Annotated[
        Annotated[str, Meta(max_length=2_000)] | None,
        medium("Put in front of each text, as some models ask for; empty: the model's own"),
    ] = None
    max_length: Annotated[
        Annotated[int, Meta(ge=8, le=131_072)] | None,
        medium("Tokens read of each text; empty: as many as the model takes"),
    ] = None
    normalise: Annotated[bool, medium("Scale each vector to length 1")] = True
    batch_tokens: Annotated[
        Annotated[int, Meta(ge=128, le=1_048_576)] | None,
        pro("Tokens computed at a time, padding included; empty: what suits the machine"),
    ] = None
    revision: Annotated[
        Annotated[str, Meta(pattern=r"^[\w.\-/]{1,100}$")] | None,
        pro("Version of a hub model: a commit, tag or branch; empty: the newest"),
    ] = None


class StaticVectorsParams(Params, frozen=True):
    """Which vectors of words, and how they become one of a text."""

    vectors: Annotated[
        str,
        easy(
            "A file of word vectors as text (fastText .vec, word2vec, GloVe; also .gz), or a "
            "folder of model2vec, below one that the administrator allows (KODKOD_LOCAL_MODELS)",
            min_length=1,
            max_length=500,
        ),
    ]
    normalise: Annotated[bool, medium("Scale each text's vector to length 1")] = True
    most_words: Annotated[
        int,
        medium(
            "Words read from a text file, which has the most frequent first", ge=1, le=5_000_000
        ),
    ] = 200_000
