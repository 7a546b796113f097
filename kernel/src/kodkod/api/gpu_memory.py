"""How much of a graphics card's memory a model takes: an estimate before anything is loaded."""

from __future__ import annotations

import math
from importlib import import_module
from typing import Any

from msgspec import Struct

__all__ = ["CONTEXT_MB", "computes_half", "estimate_mb"]

CONTEXT_MB = 800
"""What a process takes of a card before its first tensor: context, kernels, workspaces of cuBLAS.

300 to 430 MB with CUDA from 11.7 on (pytorch issues 107667 and 109888; 426 MiB with CUDA 13 on
an RTX 6000 Ada), and as much again for what a model's first batch loads.
"""

_ROUNDING = 1.05
_SLACK = 1.25


def estimate_mb(
    *,
    parameters: int,
    batch: int,
    length: int,
    hidden: int,
    layers: int,
    training: bool = False,
    bytes_per_weight: float = 2,
    lora: bool = False,
    trainable: int | None = None,
    intermediate: int | None = None,
    heads: int | None = None,
    vocabulary: int = 0,
    fused_attention: bool = True,
    checkpointing: bool = False,
) -> int:
    """Return the MB of a card that a transformer takes at its peak; rather too many than too few.

    `batch` texts of `length` tokens, padding included, at a time. `bytes_per_weight` is 4 for
    float32, 2 for half precision, less for quantised weights. `lora` trains `trainable`
    parameters (2 % where it is not said) beside frozen ones. `intermediate` is the width of
    the feed-forward layers, 4 x `hidden` where it is not said; `heads` hidden / 64.
    `vocabulary` counts only where logits are computed for every token, as decoders do.
    `fused_attention` (SDPA, flash) keeps no scores. `checkpointing` recomputes activations.

    The sum, in bytes, of

    - weights and what is kept for each: p x bytes; in training 16 for each trainable one
      (float32 weight, gradient, Adam's two moments: ZeRO, arXiv:1910.02054, section 3.1), and 2
      for its half-precision copy under autocast. 5 % for rounding to the allocator's blocks.
    - activations kept for the backward pass: for each layer, b x s x (18h + 4i) half-precision
      values' worth of bytes and, where attention is not fused, 5 x a x b x s^2 (Korthikanti et
      al., arXiv:2205.05198, equation 1, where i = 4h makes it 34 sbh). Twice that in float32.
      Under autocast layer norms and softmax stay in float32: 12h and 4a more.
    - activations of the layer that is computed: b x s x (8h + 4i) values, which holds the
      queries, keys and values, or a gated feed-forward layer, beside the residuals.
    - logits with their float32 copy, and in training their gradient.

    Activations get 25 % for fragmentation; `CONTEXT_MB` is added at the end. See
    docs/decisions/gpu-memory.md for how this compares with what was measured.
    """
    shape = _Shape(
        batch=batch,
        length=length,
        hidden=hidden,
        intermediate=4 * hidden if intermediate is None else intermediate,
        heads=max(1, hidden // 64) if heads is None else heads,
        value=4 if bytes_per_weight >= 4 else 2,
        fused=fused_attention,
    )
    trained = parameters // 50 if lora else parameters
    trained = trained if trainable is None else trainable
    states = parameters * bytes_per_weight
    activations = shape.working() + shape.tokens * vocabulary * (shape.value + 4)
    if training:
        frozen = parameters if lora else parameters - trained
        states = frozen * bytes_per_weight + trained * (16 if shape.value == 4 else 18)
        activations += shape.tokens * vocabulary * 4
        if checkpointing:
            # What is recomputed is there together with its gradients.
            activations += layers * shape.tokens * hidden * shape.value + 2 * shape.kept()
        else:
            activations += layers * shape.kept()
    return CONTEXT_MB + math.ceil((states * _ROUNDING + activations * _SLACK) / 2**20)


class _Shape(Struct, frozen=True, kw_only=True):
    """One layer and what goes through it; a number of it takes `value` bytes."""

    batch: int
    length: int
    hidden: int
    intermediate: int
    heads: int
    value: int
    fused: bool

    @property
    def tokens(self) -> int:
        return self.batch * self.length

    @property
    def pairs(self) -> int:
        return self.batch * self.length**2

    def working(self) -> int:
        """Return the bytes that the layer takes while it is computed."""
        own = self.tokens * (8 * self.hidden + 4 * self.intermediate) * self.value
        if not self.fused:
            return own + self.heads * self.pairs * (2 * self.value + 4)
        if self.batch > 1:
            # Texts of different lengths: a mask of booleans, and the same as numbers.
            return own + self.pairs * (1 + 2 * self.value)
        return own

    def kept(self) -> int:
        """Return the bytes that the backward pass needs of the layer."""
        scores = 0 if self.fused else self.heads * self.pairs
        if self.value == 4:
            return self.tokens * (36 * self.hidden + 8 * self.intermediate) + 10 * scores
        return self.tokens * (30 * self.hidden + 4 * self.intermediate) + 9 * scores


def computes_half() -> bool:
    """Tell whether every card of this host computes in bfloat16 (from Ampere on).

    False where no card answers. Asks the driver, so that an estimate needs no torch.
    """
    try:
        nvml: Any = import_module("pynvml")
    except ImportError:
        return False
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return False
    try:
        cards = [nvml.nvmlDeviceGetHandleByIndex(i) for i in range(nvml.nvmlDeviceGetCount())]
        return bool(cards) and all(
            nvml.nvmlDeviceGetCudaComputeCapability(card)[0] >= 8 for card in cards
        )
    except nvml.NVMLError:
        return False
    finally:
        nvml.nvmlShutdown()
