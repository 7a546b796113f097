"""Logistic regression in plain NumPy, for strategies that learn something of their own.

The web process imports no ML library, so scikit-learn's is not to be had here. L-BFGS (Nocedal
and Wright 2006, algorithm 7.5) over the same objective: loss + |W|^2 / (2 C), bias unpenalised.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["fit_logistic", "scores_of"]

_MEMORY = 8
_HALVINGS = 30
_SUFFICIENT = 1e-4

Weights = NDArray[np.float64]
Objective = Callable[[Weights], tuple[float, Weights]]


def fit_logistic(
    x: NDArray[np.float32],
    y: NDArray[np.floating],
    *,
    softmax: bool,
    strength: float = 1.0,
    start: Weights | None = None,
    steps: int = 100,
    tolerance: float = 1e-4,
) -> Weights:
    """Return weights `[dim + 1, k]`, the bias last, for targets `y` of 0 and 1, `[n, k]`.

    With `softmax` the columns exclude one another, else each is learnt for itself. `strength` is
    scikit-learn's C; `start` are weights to go on from.
    """
    shape = (x.shape[1] + 1, y.shape[1])
    first = np.zeros(shape) if start is None else start

    def objective(flat: Weights) -> tuple[float, Weights]:
        weights = flat.reshape(shape)
        scores = scores_of(x, weights).astype(np.float64)
        loss, error = _softmax_loss(scores, y) if softmax else _sigmoid_loss(scores, y)
        slope = np.empty(shape)
        slope[:-1] = x.T @ error.astype(np.float32) + weights[:-1] / strength
        slope[-1] = error.sum(axis=0)
        penalty = float(np.square(weights[:-1]).sum()) / (2 * strength)
        return (loss + penalty) / len(x), slope.ravel() / len(x)

    return _minimised(objective, first.ravel(), steps, tolerance).reshape(shape)


def scores_of(x: NDArray[np.float32], weights: Weights) -> NDArray[np.float32]:
    """Return the linear scores `[n, k]`: positive, or the largest, is what is predicted."""
    return x @ weights[:-1].astype(np.float32) + weights[-1].astype(np.float32)


def _softmax_loss(
    scores: NDArray[np.float64], y: NDArray[np.floating]
) -> tuple[float, NDArray[np.float64]]:
    scores = scores - scores.max(axis=1, keepdims=True)
    sums = np.log(np.exp(scores).sum(axis=1, keepdims=True))
    logs = scores - sums
    return -float((y * logs).sum()), np.exp(logs) - y


def _sigmoid_loss(
    scores: NDArray[np.float64], y: NDArray[np.floating]
) -> tuple[float, NDArray[np.float64]]:
    loss = float((np.logaddexp(0, scores) - y * scores).sum())
    return loss, 0.5 * (1 + np.tanh(scores / 2)) - y


def _minimised(objective: Objective, point: Weights, steps: int, tolerance: float) -> Weights:
    value, slope = objective(point)
    pairs: deque[tuple[Weights, Weights]] = deque(maxlen=_MEMORY)
    for _ in range(steps):
        if np.abs(slope).max(initial=0) <= tolerance:
            break
        direction = -_curved(slope, pairs)
        descent = float(direction @ slope)
        length = 1.0 if pairs else min(1.0, 1 / max(float(np.abs(slope).sum()), 1e-12))
        for _ in range(_HALVINGS):
            there = point + length * direction
            new_value, new_slope = objective(there)
            if new_value <= value + _SUFFICIENT * length * descent:
                break
            length /= 2
        else:
            break
        step, bend = there - point, new_slope - slope
        if float(step @ bend) > 1e-12:
            pairs.append((step, bend))
        point, value, slope = there, new_value, new_slope
    return point


def _curved(slope: Weights, pairs: deque[tuple[Weights, Weights]]) -> Weights:
    """Return the slope times an estimate of the inverse Hessian (the two loops of L-BFGS)."""
    result = slope.copy()
    kept: list[tuple[float, float]] = []
    for step, bend in reversed(pairs):
        rho = 1 / float(bend @ step)
        alpha = rho * float(step @ result)
        result -= alpha * bend
        kept.append((rho, alpha))
    if pairs:
        step, bend = pairs[-1]
        result *= float(step @ bend) / float(bend @ bend)
    for (step, bend), (rho, alpha) in zip(pairs, reversed(kept), strict=True):
        result += (alpha - rho * float(bend @ result)) * step
    return result
