"""Linear support vector machine, its decision values calibrated to probabilities."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from kodkod.api import JobContext, Matrix
from kodkod_sklearn.costs import choose_cost
from kodkod_sklearn.estimator_model import EstimatorModel
from kodkod_sklearn.params import SvmParams

__all__ = ["LinearSvm"]

FOLDS = 5


class LinearSvm(EstimatorModel[SvmParams]):
    """Squared hinge loss, calibrated by Platt's sigmoid on held-out folds."""

    estimator_type: ClassVar[type] = CalibratedClassifierCV
    private_types: ClassVar[tuple[str, ...]] = (
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.model_selection._split.StratifiedKFold",
    )

    def train(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        """Fit; where a label has one text only, no fold can be held out, and the log says so."""
        cost = self.params.cost
        if cost is None:
            cost = choose_cost(
                features,
                y,
                weights,
                fit=lambda cost, x, y, w, _: self._svm(cost, seed).fit(x, y, sample_weight=w),
                loss=_squared_hinge,
                usual=1.0,
                seed=seed,
                ctx=ctx,
            )
        svm = self._svm(cost, seed)
        rarest = int(np.unique(y, return_counts=True)[1].min())
        if rarest < 2:
            ctx.log(
                "a label has a single text: probabilities are calibrated on the training texts "
                "themselves and are too sure; annotate more of it"
            )
            svm.fit(features, y, sample_weight=weights)
            everyone = np.arange(len(y))
            frozen = CalibratedClassifierCV(FrozenEstimator(svm), cv=[(everyone, everyone)])
            return frozen.fit(features, y, sample_weight=weights)
        folds = StratifiedKFold(min(FOLDS, rarest), shuffle=True, random_state=seed)
        without_ensemble: dict[str, Any] = {"ensemble": False}
        calibrated = CalibratedClassifierCV(svm, cv=folds, **without_ensemble)
        return calibrated.fit(features, y, sample_weight=weights)

    def _svm(self, cost: float, seed: int) -> LinearSVC:
        return LinearSVC(C=cost, max_iter=self.params.max_iter, random_state=seed)


def _squared_hinge(
    svm: LinearSVC,
    features: Matrix,
    y: NDArray[np.integer],
    weights: NDArray[np.float64] | None,
) -> float:
    """Return what the machine itself keeps small, on other texts: the mean over texts, weighted."""
    margins = svm.decision_function(features)
    if margins.ndim == 1:
        margins = np.column_stack([-margins, margins])
    signs = np.where(y[:, None] == svm.classes_, 1.0, -1.0)
    lost = (np.maximum(0.0, 1.0 - signs * margins) ** 2).sum(axis=1)
    return float(np.average(lost, weights=weights))
