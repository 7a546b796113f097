"""Gradient boosting over histograms."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from kodkod.api import JobContext, Matrix
from kodkod_sklearn.estimator_model import EstimatorModel
from kodkod_sklearn.fitted import Fitted
from kodkod_sklearn.matrices import dense
from kodkod_sklearn.params import BoostingParams
from kodkod_sklearn.tree_check import check_branches

__all__ = ["GradientBoosting"]

DENSE_BYTES = 2**31
"""Most memory for sparse features made dense, which is the only form it reads."""


class GradientBoosting(EstimatorModel[BoostingParams]):
    """Histogram gradient boosting, one-vs-rest for several labels."""

    estimator_type: ClassVar[type] = HistGradientBoostingClassifier
    private_types: ClassVar[tuple[str, ...]] = (
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    )

    def prepare(self, features: Matrix) -> Matrix:
        """Make sparse features dense.

        Raises:
            InvalidInputError: they would take more than 2 GiB.
        """
        return dense(features, DENSE_BYTES)

    def train(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        """Fit all rounds: early stopping would hold back texts of rare labels."""
        settings: dict[str, Any] = {
            "learning_rate": self.params.learning_rate,
            "max_iter": self.params.max_iter,
            "max_leaf_nodes": self.params.max_leaf_nodes,
            "min_samples_leaf": self.params.min_samples_leaf,
            "l2_regularization": self.params.l2,
            "early_stopping": False,
            "random_state": seed,
        }
        model = HistGradientBoostingClassifier(**settings)
        return model.fit(features, y, sample_weight=weights)

    def ready(self, fitted: Fitted) -> None:
        """Check the trees.

        Raises:
            InvalidInputError: a tree would lead outside its memory.
        """
        for model in fitted.estimators:
            for tree in (tree for round_ in model._predictors for tree in round_):
                nodes = tree.nodes
                # We fit no categories; such a branch would read tables of its own.
                feature = np.where(nodes["is_categorical"] != 0, -1, nodes["feature_idx"])
                check_branches(
                    nodes["is_leaf"] != 0, nodes["left"], nodes["right"], feature, fitted.width
                )
