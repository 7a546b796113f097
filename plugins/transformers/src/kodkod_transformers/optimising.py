"""The optimizer of the training loop."""

from __future__ import annotations

from torch import nn
from torch.optim import AdamW

from kodkod_transformers.training_params import TrainingParams

__all__ = ["adamw", "trainable"]


def trainable(model: nn.Module) -> list[nn.Parameter]:
    """Return the parameters that are trained."""
    return [each for each in model.parameters() if each.requires_grad]


def adamw(model: nn.Module, params: TrainingParams) -> AdamW:
    """Return AdamW, which pulls matrices towards 0 but neither biases nor norms."""
    chosen = trainable(model)
    groups = [
        {
            "params": [each for each in chosen if each.ndim >= 2],
            "weight_decay": params.weight_decay,
        },
        {"params": [each for each in chosen if each.ndim < 2], "weight_decay": 0.0},
    ]
    return AdamW(groups, lr=params.learning_rate, fused=True)
