"""One vector a text from a vector a token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from kodkod_transformers.device import device_of
from kodkod_transformers.predicting import inputs_of

__all__ = ["Pooler", "pooler_of"]

Pooler = Callable[[list[list[int]]], Tensor]
"""Gives the vectors `[n, dim]` of texts that come as tokens."""


def pooler_of(encoder: nn.Module, filler: int, how: str, *, normalise: bool) -> Pooler:
    """Return what pools `encoder`'s last hidden state: `mean` over the tokens, or the `first`."""
    network: Any = encoder

    def pool(rows: list[list[int]]) -> Tensor:
        inputs = inputs_of(rows, filler, device_of(network))
        hidden: Tensor = network(**inputs).last_hidden_state
        vectors = hidden[:, 0] if how == "first" else _mean(hidden, inputs.get("attention_mask"))
        return functional.normalize(vectors.float(), dim=1) if normalise else vectors.float()

    return pool


def _mean(hidden: Tensor, mask: Tensor | None) -> Tensor:
    if mask is None:
        return hidden.mean(dim=1)
    kept = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * kept).sum(dim=1) / torch.clamp(kept.sum(dim=1), min=1)
