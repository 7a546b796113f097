"""Params of fine-tuned decoders. Importing this imports nothing heavy."""

from __future__ import annotations

from typing import Annotated, Literal

from kodkod.api import easy, medium, pro
from kodkod_transformers.decoder_catalogue import DEFAULT_DECODER, decoder_names
from kodkod_transformers.encoder_params import EncoderParams, Revision

__all__ = ["DecoderParams", "Quantise"]

Quantise = Literal["auto", "never", "always"]


class DecoderParams(EncoderParams, frozen=True):
    """A fine-tuned decoder."""

    model: Annotated[
        str,
        easy(
            "The decoder to begin with (Phi, Pleias, Qwen, ...): its name on the Hugging Face hub "
            "(org/name), or a folder below one that the administrator allows "
            "(KODKOD_LOCAL_MODELS)",
            min_length=1,
            max_length=500,
            examples=decoder_names(),
        ),
    ] = DEFAULT_DECODER
    epochs: Annotated[int, easy("How often each text is learnt from, at most", ge=1, le=100)] = 3
    learning_rate: Annotated[
        float, medium("The greatest step of a weight, reached after warming up", gt=0, le=1)
    ] = 2e-4
    lora_rank: Annotated[
        int,
        medium(
            "Rank of LoRA, which trains small matrices beside the weights; 0: all weights are "
            "trained, which takes several times the memory",
            ge=0,
            le=1_024,
        ),
    ] = 16
    quantise: Annotated[
        Quantise,
        medium(
            "Keep the decoder's weights in 4 bits (NF4) under LoRA: a quarter of the memory. auto: "
            "where there is a card and the package bitsandbytes; always: fail elsewhere"
        ),
    ] = "auto"
    batch_tokens: Annotated[
        int,
        pro(
            "Tokens computed at a time, padding included; a batch that has more is cut, which "
            "changes memory and speed but not what is learnt",
            ge=128,
            le=1_048_576,
        ),
    ] = 4_096
    gradient_checkpointing: Annotated[
        bool, pro("Compute activations twice instead of keeping them: less memory, a third slower")
    ] = True
    revision: Revision = None
