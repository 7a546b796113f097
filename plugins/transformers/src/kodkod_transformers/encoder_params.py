"""Params of fine-tuned encoders. Importing this imports nothing heavy."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kodkod.api import easy, medium, pro
from kodkod_transformers.catalogue import DEFAULT_ENCODER, names
from kodkod_transformers.training_params import TrainingParams

__all__ = ["AdapterParams", "EncoderParams", "ModelName", "Revision"]

ModelName = Annotated[
    str,
    easy(
        "The encoder to begin with: its name on the Hugging Face hub (org/name), or a folder below "
        "one that the administrator allows (KODKOD_LOCAL_MODELS)",
        min_length=1,
        max_length=500,
        examples=names(),
    ),
]
Revision = Annotated[
    Annotated[str, Meta(pattern=r"^[\w.\-/]{1,100}$")] | None,
    pro("Version of a hub model: a commit, tag or branch; empty: the newest"),
]


class AdapterParams(TrainingParams, frozen=True):
    """What of the weights is trained."""

    lora_rank: Annotated[
        int,
        medium(
            "Rank of LoRA, which trains small matrices beside the weights and takes less memory; "
            "0: all weights are trained",
            ge=0,
            le=1_024,
        ),
    ] = 0
    lora_alpha: Annotated[
        Annotated[int, Meta(ge=1, le=4_096)] | None,
        pro("LoRA's scale, divided by the rank; empty: twice the rank"),
    ] = None
    lora_dropout: Annotated[float, pro("Share of LoRA's inputs left out", ge=0, lt=1)] = 0.05
    lora_targets: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[\w.]{1,100}$")], ...],
        pro("Names of the layers that get LoRA (query, value); empty: every linear layer"),
    ] = ()
    frozen_layers: Annotated[
        int,
        medium("Layers from the bottom (with the embeddings) that stay as they are", ge=0, le=200),
    ] = 0


class EncoderParams(AdapterParams, frozen=True):
    """A fine-tuned encoder."""

    model: ModelName = DEFAULT_ENCODER
    class_weights: Annotated[
        Literal["none", "balanced"],
        medium("balanced: rare labels weigh as much as frequent ones"),
    ] = "none"
    loss: Annotated[
        Literal["cross-entropy", "focal"],
        medium("focal: texts that it is sure of count less (Lin et al. 2017)"),
    ] = "cross-entropy"
    focal_gamma: Annotated[float, pro("How much less", gt=0, le=10)] = 2.0
    label_smoothing: Annotated[
        float, pro("Share of each target that all labels get alike", ge=0, lt=1)
    ] = 0.0
    revision: Revision = None
