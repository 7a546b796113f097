"""Params of the span tagger. Importing this imports nothing heavy."""

from __future__ import annotations

from typing import Annotated, Literal

from kodkod.api import easy, medium
from kodkod_transformers.catalogue import DEFAULT_ENCODER
from kodkod_transformers.encoder_params import AdapterParams, ModelName, Revision

__all__ = ["SpanTaggerParams"]


class SpanTaggerParams(AdapterParams, frozen=True):
    """An encoder that marks spans."""

    model: ModelName = DEFAULT_ENCODER
    epochs: Annotated[int, easy("How often each text is learnt from, at most", ge=1, le=100)] = 10
    boundaries: Annotated[
        Literal["auto", "words", "characters"],
        medium(
            "Where spans begin and end: at words only, or at any character (languages that are "
            "written without spaces); auto: as the annotated ones do"
        ),
    ] = "auto"
    revision: Revision = None
