"""Params of everything that is fine-tuned. Importing this imports nothing heavy."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kodkod.api import Params, easy, medium, pro

__all__ = ["Precision", "Schedule", "TrainingParams"]

Schedule = Literal["linear", "cosine", "constant"]
Precision = Literal["auto", "full"]


class TrainingParams(Params, frozen=True):
    """How the loop trains."""

    epochs: Annotated[int, easy("How often each text is learnt from, at most", ge=1, le=100)] = 5
    patience: Annotated[
        int,
        medium(
            "Epochs without a better score or loss after which it stops; 0: never", ge=0, le=100
        ),
    ] = 2
    learning_rate: Annotated[
        float, medium("The greatest step of a weight, reached after warming up", gt=0, le=1)
    ] = 5e-5
    batch_size: Annotated[int, medium("Texts in a batch", ge=1, le=4_096)] = 16
    held_out: Annotated[
        float,
        medium(
            "Share of the texts that is not learnt from, but chooses the best epoch; 0: none",
            ge=0,
            le=0.5,
        ),
    ] = 0.15
    max_length: Annotated[
        Annotated[int, Meta(ge=8, le=131_072)] | None,
        medium("Tokens read of each text; empty: what 95 % of the texts have, if it can"),
    ] = None
    accumulation: Annotated[
        int, pro("Batches whose gradients are added up before a step", ge=1, le=1_024)
    ] = 1
    schedule: Annotated[Schedule, pro("How the learning rate falls after warming up")] = "linear"
    warm_up: Annotated[
        float, pro("Share of the steps in which the learning rate rises", ge=0, le=1)
    ] = 0.1
    weight_decay: Annotated[
        float, pro("Pull of weights towards 0 (not of biases and norms)", ge=0, le=1)
    ] = 0.01
    clip_norm: Annotated[
        float, pro("The greatest norm of a step's gradient; 0: any", ge=0, le=1_000)
    ] = 1.0
    batch_tokens: Annotated[
        int,
        pro(
            "Tokens computed at a time on a card, padding included; a batch that has more is cut, "
            "which changes memory and speed but not what is learnt",
            ge=128,
            le=1_048_576,
        ),
    ] = 8_192
    precision: Annotated[
        Precision, pro("auto: bfloat16 on a card that can; full: float32 anywhere")
    ] = "auto"
    gradient_checkpointing: Annotated[
        bool, pro("Compute activations twice instead of keeping them: less memory, a third slower")
    ] = False
    checkpoint_seconds: Annotated[
        int,
        pro("Seconds between two states from which a run that was killed goes on", ge=1, le=86_400),
    ] = 60
