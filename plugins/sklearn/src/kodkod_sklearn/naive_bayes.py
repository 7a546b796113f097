"""Multinomial naive Bayes."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.naive_bayes import MultinomialNB

from kodkod.api import InvalidInputError, JobContext, Matrix
from kodkod_sklearn.estimator_model import EstimatorModel
from kodkod_sklearn.params import NaiveBayesParams

__all__ = ["NaiveBayes"]


class NaiveBayes(EstimatorModel[NaiveBayesParams]):
    """Naive Bayes over counts or tf-idf weights."""

    estimator_type: ClassVar[type] = MultinomialNB

    def prepare(self, features: Matrix) -> Matrix:
        """Refuse negative features, which no count can be.

        Raises:
            InvalidInputError: some value is negative.
        """
        matrix: Any = features
        if matrix.shape[0] and matrix.min() < 0:
            raise InvalidInputError(
                "naive Bayes reads counts and the feature has negative values; choose tfidf "
                "(not tfidf-svd, not embeddings), or another model",
                field="features",
            )
        return features

    def train(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        """Fit."""
        return MultinomialNB(alpha=self.params.alpha).fit(features, y, sample_weight=weights)
