"""A logistic classifier on vectors: weights and biases, nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray
from torch import Tensor

from kodkod.api import JobContext
from kodkod_transformers.losses import balanced_weights, several_labels_loss, single_label_loss

__all__ = ["Head", "fit_head"]

_STEPS = 100


class Head(Struct, frozen=True):
    """float32 `weights [k, dim]` and `biases [k]`."""

    weights: NDArray[np.float32]
    biases: NDArray[np.float32]

    def logits(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return float32 `[n, k]`."""
        return vectors @ self.weights.T + self.biases


def fit_head(
    vectors: NDArray[np.float32],
    targets: NDArray[Any],
    n_outputs: int,
    pull: float,
    ctx: JobContext,
    *,
    balanced: bool,
) -> Head:
    """Return the head with the least loss plus `pull` / (2 n) times the squared weights.

    scikit-learn's C is 1 / `pull`. Found by L-BFGS from 0 in float64: the loss is convex, so that
    the result depends on nothing else.
    """
    x = torch.as_tensor(vectors, dtype=torch.float64)
    several = targets.ndim == 2
    y = torch.as_tensor(targets, dtype=torch.float64 if several else torch.long)
    weigh = None
    if balanced:
        weigh = torch.as_tensor(balanced_weights(targets, n_outputs), dtype=torch.float64)
    loss_of = several_labels_loss if several else single_label_loss
    w = torch.zeros((n_outputs, x.shape[1]), dtype=torch.float64, requires_grad=True)
    b = torch.zeros(n_outputs, dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([w, b], max_iter=20, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        solver.zero_grad()
        # The mean over labels, of several, would weaken each of them.
        loss = loss_of(x @ w.T + b, y, weigh, 0.0, 0.0).mean() * (n_outputs if several else 1)
        loss = loss + pull / (2 * len(x)) * (w**2).sum()
        loss.backward()
        return loss

    before = float("inf")
    for step in range(_STEPS):
        ctx.progress(step / _STEPS, "fitting the classifier")
        with torch.enable_grad():
            now = float(torch.as_tensor(solver.step(closure)).detach())
        if abs(before - now) <= 1e-9 * max(abs(now), 1.0):
            break
        before = now
    return Head(w.detach().to(torch.float32).numpy(), b.detach().to(torch.float32).numpy())
