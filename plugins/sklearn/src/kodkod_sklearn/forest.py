"""Random forest."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from kodkod.api import JobContext, Matrix
from kodkod_sklearn.estimator_model import EstimatorModel
from kodkod_sklearn.fitted import Fitted
from kodkod_sklearn.params import ForestParams
from kodkod_sklearn.tree_check import check_branches

__all__ = ["RandomForest"]


class RandomForest(EstimatorModel[ForestParams]):
    """Random forest; several labels a text are learnt by the same trees."""

    estimator_type: ClassVar[type] = RandomForestClassifier
    private_types: ClassVar[tuple[str, ...]] = ("sklearn.tree._tree.Tree",)
    together: ClassVar[bool] = True

    def train(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        """Fit on all cores."""
        most = self.params.max_features
        settings: dict[str, Any] = {
            "n_estimators": self.params.trees,
            "max_depth": self.params.max_depth,
            "min_samples_leaf": self.params.min_samples_leaf,
            "max_features": None if most == "all" else most,
            "n_jobs": -1,
            "random_state": seed,
        }
        model = RandomForestClassifier(**settings)
        model.fit(features, y, sample_weight=weights)
        # Threads would add up the trees' votes in any order, and round differently each time.
        model.n_jobs = 1
        return model

    def ready(self, fitted: Fitted) -> None:
        """Check the trees.

        Raises:
            InvalidInputError: a tree would lead outside its memory.
        """
        for forest in fitted.estimators:
            for tree in (each.tree_ for each in forest.estimators_):
                leaf = tree.children_left == -1
                check_branches(
                    leaf, tree.children_left, tree.children_right, tree.feature, fitted.width
                )
