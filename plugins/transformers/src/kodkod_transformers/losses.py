"""The loss of each text, from the head's logits."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

__all__ = ["balanced_weights", "several_labels_loss", "single_label_loss"]

_GREATEST_WEIGHT = 100.0


def balanced_weights(targets: NDArray[Any], n_labels: int) -> NDArray[np.float32]:
    """Return, `[n_labels]`, what each label's texts weigh so that all labels weigh the same.

    n / (k x count) for one label a text, which is 1 on average over the texts; for several
    labels a text, how many texts lack the label for each that has it. At most 100.
    """
    if targets.ndim == 1:
        counts = np.bincount(targets, minlength=n_labels)
        weights = len(targets) / (n_labels * np.maximum(counts, 1))
    else:
        counts = targets.sum(axis=0, dtype=np.int64)
        weights = (len(targets) - counts) / np.maximum(counts, 1)
    return np.clip(weights, 1 / _GREATEST_WEIGHT, _GREATEST_WEIGHT).astype(np.float32)


def single_label_loss(
    logits: Tensor, targets: Tensor, weights: Tensor | None, gamma: float, smoothing: float
) -> Tensor:
    """Return `[n]`: cross entropy of logits `[n, k]` and label positions `[n]`.

    `smoothing` gives that share of the target to all labels alike (Szegedy et al. 2016).
    `gamma` above 0 is the focal loss (Lin et al. 2017): texts that the model is sure of
    count less, by (1 - p) ** gamma.
    """
    losses = functional.cross_entropy(logits, targets, reduction="none", label_smoothing=smoothing)
    if gamma:
        sure = torch.softmax(logits, dim=-1).gather(1, targets[:, None])[:, 0]
        losses = losses * (1 - sure) ** gamma
    return losses if weights is None else losses * weights[targets]


def several_labels_loss(
    logits: Tensor, targets: Tensor, weights: Tensor | None, gamma: float, smoothing: float
) -> Tensor:
    """Return `[n]`: binary cross entropy of logits `[n, k]` and 0 or 1 `[n, k]`, mean over labels.

    `weights` are those of a label that is there; `gamma` and `smoothing` as for one label.
    """
    smooth = targets * (1 - smoothing) + smoothing / 2
    losses = functional.binary_cross_entropy_with_logits(
        logits, smooth, reduction="none", pos_weight=weights
    )
    if gamma:
        chance = torch.sigmoid(logits)
        sure = torch.where(targets > 0.5, chance, 1 - chance)
        losses = losses * (1 - sure) ** gamma
    return losses.mean(dim=1)
