"""Logistic regression. Prediction is one float32 product, fast enough to guide annotators."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from kodkod.api import JobContext, Matrix
from kodkod_sklearn.costs import choose_cost
from kodkod_sklearn.estimator_model import EstimatorModel
from kodkod_sklearn.fitted import Fitted
from kodkod_sklearn.matrices import check_finite
from kodkod_sklearn.params import L1LogisticParams, LogisticParams

__all__ = ["L1Logistic", "LinearWeights", "Logistic"]

P = TypeVar("P", bound=LogisticParams)


class LinearWeights(Struct, frozen=True):
    """Scaling and coefficients of all labels folded into one product, in float32.

    `coefficients` is `[width, n_labels]`, `intercepts` `[n_labels]`; minus infinity stands
    for a label that never is, plus infinity for one that always is.
    """

    coefficients: NDArray[np.float32]
    intercepts: NDArray[np.float32]

    @classmethod
    def of(cls, fitted: Fitted) -> LinearWeights:
        """Fold `fitted`, whose estimators have `coef_` and `intercept_`."""
        rows = np.concatenate([estimator.coef_ for estimator in fitted.estimators])
        offsets = np.concatenate([estimator.intercept_ for estimator in fitted.estimators])
        if not fitted.multilabel and len(rows) == 1:
            # Of two labels, scikit-learn keeps the second's logit against the first's 0.
            rows, offsets = np.vstack([0 * rows, rows]), np.append(0.0, offsets)
        if fitted.scaler is not None:
            rows = rows / fitted.scaler.scale_
            if fitted.scaler.with_mean:
                offsets = offsets - rows @ fitted.scaler.mean_
        coefficients = np.zeros((fitted.width, len(fitted.constants)))
        coefficients[:, fitted.columns] = rows.T
        intercepts = np.where(fitted.constants == 1, np.inf, -np.inf)
        intercepts[fitted.columns] = offsets
        return cls(coefficients.astype(np.float32), intercepts.astype(np.float32))


class _LogisticModel(EstimatorModel[P]):
    estimator_type: ClassVar[type] = LogisticRegression

    _weights: LinearWeights | None = None

    @abstractmethod
    def fit_at(
        self,
        cost: float,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        before: Any,
        seed: int,
    ) -> Any: ...

    def cost(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> float:
        if self.params.cost is not None:
            return self.params.cost
        return choose_cost(
            features,
            y,
            weights,
            fit=lambda cost, x, y, w, before: self.fit_at(cost, x, y, w, before, seed),
            loss=_log_loss,
            usual=type(self.params)().cost or 1.0,
            seed=seed,
            ctx=ctx,
        )

    def ready(self, fitted: Fitted) -> None:
        self._weights = LinearWeights.of(fitted)

    def predict_block(
        self, fitted: Fitted, features: Matrix, first_row: int
    ) -> NDArray[np.float32]:
        weights = self._weights or LinearWeights.of(fitted)
        with np.errstate(invalid="ignore", over="ignore"):
            logits = np.asarray(features @ weights.coefficients, dtype=np.float32)
        # What is not finite in the features shows here, at a fraction of the cost.
        if not np.isfinite(logits).all():
            check_finite(features, first_row)
        logits += weights.intercepts
        return expit(logits, out=logits) if fitted.multilabel else softmax(logits)


class Logistic(_LogisticModel[LogisticParams]):
    """Multinomial logistic regression with an L2 penalty, one-vs-rest for several labels."""

    def train(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        """Fit by L-BFGS, ten times as fast here as the Newton solvers."""
        cost = self.cost(features, y, weights, seed, ctx)
        return self.fit_at(cost, features, y, weights, None, seed)

    def train_from(
        self,
        before: Any,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        """Begin at the earlier coefficients: the optimum is the same, and nearer."""
        cost = self.cost(features, y, weights, seed, ctx)
        same = np.array_equal(before.classes_, np.unique(y))
        return self.fit_at(cost, features, y, weights, before if same else None, seed)

    def fit_at(
        self,
        cost: float,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        before: Any,
        seed: int,
    ) -> Any:
        """Fit with a cost, from the coefficients of another fit of the same classes if any."""
        warm = before is not None
        model = LogisticRegression(C=cost, max_iter=self.params.max_iter, warm_start=warm)
        if warm:
            model.coef_, model.intercept_ = before.coef_.copy(), before.intercept_.copy()
        return model.fit(features, y, sample_weight=weights)


class L1Logistic(_LogisticModel[L1LogisticParams]):
    """Multinomial logistic regression with an L1 penalty, one-vs-rest for several labels."""

    def train(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        """Fit by SAGA, which is the one solver for an L1 penalty on a softmax."""
        cost = self.cost(features, y, weights, seed, ctx)
        return self.fit_at(cost, features, y, weights, None, seed)

    def fit_at(
        self,
        cost: float,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        before: Any,
        seed: int,
    ) -> Any:
        """Fit with a cost, from the coefficients of another fit of the same classes if any."""
        warm = before is not None
        model = LogisticRegression(
            C=cost,
            l1_ratio=1.0,
            solver="saga",
            tol=1e-3,
            max_iter=self.params.max_iter,
            random_state=seed,
            warm_start=warm,
        )
        if warm:
            model.coef_, model.intercept_ = before.coef_.copy(), before.intercept_.copy()
        return model.fit(features, y, sample_weight=weights)


def _log_loss(
    model: Any,
    features: Matrix,
    y: NDArray[np.integer],
    weights: NDArray[np.float64] | None,
) -> float:
    said = model.predict_proba(features)
    return float(log_loss(y, said, sample_weight=weights, labels=model.classes_))


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the softmax of each row, computed in place."""
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits
