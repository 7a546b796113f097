"""Params of language models that label here. Importing this imports nothing heavy."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kodkod.api import Params, easy, medium, pro
from kodkod_local_llm.catalogue import DEFAULT_MODEL, model_names

__all__ = ["ChosenMethod", "LocalLlmParams", "Method", "Precision"]

ChosenMethod = Literal["decision", "constrained"]
Method = Literal["auto", "decision", "constrained"]
Precision = Literal["auto", "full"]


class LocalLlmParams(Params, frozen=True):
    """A causal language model and how it is asked."""

    model: Annotated[
        str,
        easy(
            "The language model (Qwen, Phi, Pleias, ...): its name on the Hugging Face hub "
            "(org/name), or a folder below one that the administrator allows "
            "(KODKOD_LOCAL_MODELS)",
            min_length=1,
            max_length=500,
            examples=model_names(),
        ),
    ] = DEFAULT_MODEL
    method: Annotated[
        Method,
        medium(
            "decision: a probability for each label, quick, nothing is written; constrained: the "
            "answer is written, held to the scheme; auto: decision, unless the scheme is of "
            "spans, or a reason or several samples are wanted"
        ),
    ] = "auto"
    max_length: Annotated[
        Annotated[int, Meta(ge=64, le=1_048_576)] | None,
        medium(
            "Tokens of a prompt and its answer at most; empty: as many as the model reads. A text "
            "whose prompt is longer is not cut: it gets no answer, and says why"
        ),
    ] = None
    max_tokens: Annotated[int, medium("Tokens of a written answer at most", ge=16, le=16_384)] = 512
    temperature: Annotated[
        float,
        medium("How freely a written answer is drawn; 0: what is most probable", ge=0, le=2),
    ] = 0.0
    top_p: Annotated[
        float, pro("Draw among the most probable tokens of this share together", gt=0, le=1)
    ] = 1.0
    samples: Annotated[
        int,
        medium(
            "Answers drawn for each text, of which most decide; more than one needs a temperature "
            "above 0",
            ge=1,
            le=64,
        ),
    ] = 1
    seed: Annotated[int, pro("Seed of what is drawn", ge=0, le=2**53)] = 0
    revision: Annotated[
        Annotated[str, Meta(min_length=1, max_length=200)] | None,
        pro("Version of a hub model: a branch, tag or commit; empty: the main one"),
    ] = None
    precision: Annotated[
        Precision, pro("auto: bfloat16 on a card that can; full: float32 anywhere")
    ] = "auto"
    batch_tokens: Annotated[
        int,
        pro(
            "Tokens kept in memory at a time, padding and room for answers included; changes "
            "memory and speed, but not what is answered",
            ge=128,
            le=1_048_576,
        ),
    ] = 16_384
