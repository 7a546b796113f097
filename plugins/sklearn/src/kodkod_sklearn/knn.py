"""Nearest neighbours."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import Normalizer

from kodkod.api import InvalidInputError, JobContext, Matrix
from kodkod_sklearn.estimator_model import EstimatorModel
from kodkod_sklearn.params import KnnParams

__all__ = ["Knn"]


class Knn(EstimatorModel[KnnParams]):
    """The votes of the nearest annotated texts, found by comparing with all of them."""

    estimator_type: ClassVar[type] = KNeighborsClassifier
    together: ClassVar[bool] = True

    def make_scaler(self, features: Matrix) -> Any:
        """Scale rows to length 1 for cosine: their Euclidean order is then that of the cosine.

        Raises:
            InvalidInputError: both scalings are asked for.
        """
        if self.params.metric == "euclidean":
            return super().make_scaler(features)
        if self.params.standardise:
            raise InvalidInputError(
                "standardise goes with metric euclidean; choose that, or leave standardise off",
                field="standardise",
            )
        return Normalizer().fit(features)

    def train(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        """Keep the texts; with fewer than should vote, all of them do."""
        neighbours = min(self.params.neighbours, len(y))
        if neighbours < self.params.neighbours:
            ctx.log(f"{neighbours} neighbours instead of {self.params.neighbours}: no more texts")
        model = KNeighborsClassifier(
            neighbours, weights=self.params.votes, algorithm="brute", metric="euclidean"
        )
        return model.fit(features, y)
