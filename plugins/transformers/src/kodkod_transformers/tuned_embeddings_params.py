"""Params of embeddings by a model of the project. Importing this imports nothing heavy."""

from __future__ import annotations

from typing import Annotated, Literal

from kodkod.api import Params, easy, medium, pro

__all__ = ["FineTunedEmbeddingsParams"]


class FineTunedEmbeddingsParams(Params, frozen=True):
    """Which model of the project reads the texts, and how."""

    model: Annotated[
        str,
        easy(
            "A fine-tuned encoder, span tagger or few-shot model of this project: its name",
            min_length=1,
            max_length=200,
        ),
    ]
    pooling: Annotated[
        Literal["mean", "first"],
        medium("The mean of the tokens' vectors, or the first token's, as many classifiers read"),
    ] = "mean"
    normalise: Annotated[bool, medium("Scale each vector to length 1")] = True
    batch_tokens: Annotated[
        int, pro("Tokens computed at a time, padding included", ge=128, le=1_048_576)
    ] = 8_192
