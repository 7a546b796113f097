"""A model's output for many texts: similar lengths together, less at a time if memory runs out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kodkod.api import BatchFit, JobContext, in_halves, token_batches
from kodkod_transformers.device import at_once, device_of
from kodkod_transformers.steps import padded
from kodkod_transformers.tokenizing import Tokens

__all__ = ["compute", "inputs_of", "logits_of"]

_REMEDY = "lower max_length, or choose a smaller model"


def inputs_of(
    rows: Sequence[Sequence[int]], filler: int, device: torch.device
) -> dict[str, Tensor]:
    """Return what a model takes of these texts: where none is padded, quicker without a mask."""
    ids = padded(rows, filler)
    inputs = {"input_ids": ids.to(device)}
    lengths = torch.tensor([len(row) for row in rows])
    if len(rows) and int(lengths.min()) < ids.shape[1]:
        mask = torch.arange(ids.shape[1])[None, :] < lengths[:, None]
        inputs["attention_mask"] = mask.long().to(device)
    return inputs


def compute(
    tokens: Tokens,
    run: Callable[[list[list[int]]], Tensor],
    width: int,
    batch_tokens: int,
    ctx: JobContext,
    fits: BatchFit | None = None,
) -> NDArray[np.float32]:
    """Return float32 `[n, width]`: what `run` gives of each text, in the order of the texts."""
    out = np.zeros((len(tokens.ids), width), dtype=np.float32)

    def attempt(positions: NDArray[np.int64]) -> NDArray[np.float32]:
        with torch.inference_mode():
            return run([tokens.ids[i] for i in positions]).float().cpu().numpy()

    batches = token_batches(tokens.lengths, batch_tokens)
    for positions, found in in_halves(
        batches, attempt, ctx, total=len(out), fits=fits, remedy=_REMEDY
    ):
        out[positions] = found
    return out


def logits_of(
    model: nn.Module,
    filler: int,
    tokens: Tokens,
    batch_tokens: int,
    ctx: JobContext,
    fits: BatchFit | None = None,
) -> NDArray[np.float32]:
    """Return float32 `[n, n_outputs]`: a classifier's logits. It is in eval mode already."""
    device, classifier = device_of(model), model
    config: Any = model.config

    def run(rows: list[list[int]]) -> Tensor:
        return classifier(**inputs_of(rows, filler, device)).logits

    return compute(tokens, run, config.num_labels, at_once(model, batch_tokens), ctx, fits)
