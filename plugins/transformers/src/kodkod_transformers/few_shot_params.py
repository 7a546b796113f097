"""Params of the few-shot model. Importing this imports nothing heavy."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kodkod.api import Params, easy, medium, pro
from kodkod_transformers.encoder_params import ModelName, Revision

__all__ = ["DEFAULT_SENTENCE_MODEL", "FewShotParams"]

DEFAULT_SENTENCE_MODEL = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
"""Fifty languages, and already good at telling what is similar."""


class FewShotParams(Params, frozen=True):
    """Contrastive fine-tuning for few labels."""

    model: ModelName = DEFAULT_SENTENCE_MODEL
    pairs: Annotated[
        int,
        easy(
            "Pairs of texts for each text that is learnt from: half of one label, half of two; "
            "0: the encoder stays as it is",
            ge=0,
            le=200,
        ),
    ] = 10
    learning_rate: Annotated[
        float, medium("The greatest step of the encoder's weights", gt=0, le=1)
    ] = 5e-5
    batch_size: Annotated[int, medium("Pairs in a batch", ge=1, le=1_024)] = 16
    max_pairs: Annotated[
        int, medium("Pairs in all, however many texts there are", ge=1, le=1_000_000)
    ] = 5_000
    max_length: Annotated[
        Annotated[int, Meta(ge=8, le=131_072)] | None,
        medium("Tokens read of each text; empty: what 95 % of the texts have, if it can"),
    ] = None
    class_weights: Annotated[
        Literal["none", "balanced"],
        medium("balanced: rare labels weigh as much as frequent ones in the classifier"),
    ] = "balanced"
    regularisation: Annotated[
        float, pro("Pull of the classifier's weights towards 0 (L2)", ge=0, le=1_000)
    ] = 1.0
    pooling: Annotated[
        Literal["mean", "first"], pro("How a text's vector comes from its tokens'")
    ] = "mean"
    batch_tokens: Annotated[
        int, pro("Tokens computed at a time, padding included", ge=128, le=1_048_576)
    ] = 8_192
    checkpoint_seconds: Annotated[
        int,
        pro("Seconds between two states from which a run that was killed goes on", ge=1, le=86_400),
    ] = 60
    revision: Revision = None
