"""The card or processor that computes, and in which precision."""

from __future__ import annotations

import copy
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import nn

from kodkod_transformers.training_params import Precision

__all__ = [
    "at_once",
    "autocast",
    "computes_bf16",
    "device_of",
    "quickest",
    "seed_everything",
    "the_device",
]


_CACHED_TOKENS = 1_024
"""What a processor computes at a time: more leaves its caches, and takes 1.6 times as long."""


def at_once(model: nn.Module, batch_tokens: int) -> int:
    """Return how many tokens, padding included, the model's device computes best at a time."""
    if device_of(model).type == "cpu":
        return min(batch_tokens, _CACHED_TOKENS)
    return batch_tokens


def the_device() -> torch.device:
    """Return the first card that this process may use, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_of(model: nn.Module) -> torch.device:
    """Return where the model's first weight is."""
    return next(model.parameters()).device


def computes_bf16(device: torch.device) -> bool:
    """Tell whether bfloat16 is worth it: on a card whose circuits know it (from Ampere on)."""
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def autocast(model: nn.Module, precision: Precision) -> AbstractContextManager[object]:
    """Return a context in which the model computes in bfloat16, if it should and can.

    Weights stay in float32, so that small steps are not lost.
    """
    device = device_of(model)
    wanted = precision == "auto" and computes_bf16(device)
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=wanted)


def seed_everything(seed: int) -> None:
    """Seed torch, on cards too: new layers and dropout follow from it."""
    torch.manual_seed(seed % 2**63)


def quickest(model: Any, precision: Precision) -> Any:
    """Return the model to predict with: on a card that can, a copy in bfloat16, else itself."""
    if precision == "auto" and computes_bf16(device_of(model)):
        return copy.deepcopy(model).to(torch.bfloat16)
    return model
