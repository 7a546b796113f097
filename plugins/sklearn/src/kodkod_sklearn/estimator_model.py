"""What all models of scikit-learn share: checks, scaling, one-vs-rest, blocks, disk."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from sklearn.preprocessing import Normalizer, StandardScaler

from kodkod.api import (
    InvalidInputError,
    JobContext,
    Matrix,
    Model,
    Params,
    PluginError,
    TextBatch,
    TrainingSet,
)
from kodkod_sklearn.cutting import out_of_fold, thresholds_by_f1
from kodkod_sklearn.fitted import Fitted
from kodkod_sklearn.matrices import check_finite, require_features, row_blocks, shape_of
from kodkod_sklearn.storage import read_fitted, write_fitted
from kodkod_sklearn.targets import Targets, balanced_weights, read_targets

__all__ = ["EstimatorModel"]

P = TypeVar("P", bound=Params)

BLOCK_ROWS = 16_384
"""Rows predicted at a time: bounds the memory of copies, and lets a cancellation through."""


class EstimatorModel(Model[P]):
    """A scikit-learn classifier as a model.

    Several labels a text are learnt one-vs-rest, unless `together` says that the classifier
    takes them all at once. `private_types` names what its saved form holds beyond the public
    types of scikit-learn.
    """

    estimator_type: ClassVar[type]
    private_types: ClassVar[tuple[str, ...]] = ()
    together: ClassVar[bool] = False

    _fitted: Fitted | None = None

    @abstractmethod
    def train(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        """Return a fitted classifier of `estimator_type`, at least two classes being in `y`."""

    def train_from(
        self,
        before: Any,
        features: Matrix,
        y: NDArray[np.integer],
        weights: NDArray[np.float64] | None,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        """Do what `train` does, beginning from the classifier that an earlier fit came to."""
        return self.train(features, y, weights, seed, ctx)

    def make_scaler(self, features: Matrix) -> Any:
        """Return the fitted transformer to apply first, or None."""
        if not getattr(self.params, "standardise", False):
            return None
        # Centring would make a sparse matrix dense.
        return StandardScaler(with_mean=isinstance(features, np.ndarray)).fit(features)

    def prepare(self, features: Matrix) -> Matrix:
        """Return `features` as the classifier can read them.

        Raises:
            InvalidInputError: it cannot.
        """
        return features

    def ready(self, fitted: Fitted) -> None:
        """Act on what was learnt or loaded. Called once for each `fit` or `load`."""

    def fit(self, data: TrainingSet, ctx: JobContext) -> None:
        """Learn from `data`.

        Raises:
            InvalidInputError: features are missing, not finite or not for this model, or the
                annotations hold nothing to tell apart.
        """
        features = require_features(data.features, len(data.targets))
        targets = read_targets(data)
        check_finite(features)
        features = self.prepare(features)
        ctx.progress(0.0, f"learning from {len(data.targets)} texts")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            scaler = self.make_scaler(features)
            scaled = features if scaler is None else scaler.transform(features)
            before = self._before(targets, shape_of(features)[1])
            estimators = self._train_all(scaled, targets.y, data.weights, before, data.seed, ctx)
        for message in sorted({str(warning.message) for warning in caught}):
            ctx.log(message)
        fitted = Fitted(
            width=shape_of(features)[1],
            multilabel=targets.multilabel,
            columns=targets.columns,
            constants=targets.constants,
            scaler=scaler,
            estimators=estimators,
            thresholds=self._thresholds(data, ctx) if targets.multilabel else None,
        )
        self.ready(fitted)
        self._fitted = fitted

    def predict_proba(
        self, batch: TextBatch, features: Matrix | None, ctx: JobContext
    ) -> NDArray[np.float32]:
        """Return `[n, n_labels]`.

        Raises:
            InvalidInputError: the features are not those that the model was taught with.
        """
        if self._fitted is None:
            raise PluginError("the model was asked for predictions before fit or load")
        fitted = self._fitted
        features = require_features(features, len(batch))
        n, width = shape_of(features)
        if width != fitted.width:
            raise InvalidInputError(
                f"the model was taught with {fitted.width} dimensions and is given {width}; "
                "predict with the same features, or train again",
                field="features",
            )
        out = np.empty((n, len(fitted.constants)), dtype=np.float32)
        for rows in row_blocks(n, BLOCK_ROWS):
            ctx.progress(rows.start / n, "predicting")
            out[rows] = self.predict_block(fitted, features[rows], rows.start)
        return out

    def predict_block(
        self, fitted: Fitted, features: Matrix, first_row: int
    ) -> NDArray[np.float32]:
        """Return `[n, n_labels]` for some rows, the first of which is `first_row`."""
        check_finite(features, first_row)
        return fitted.predict(self.prepare(features))

    def thresholds(self) -> NDArray[np.float32] | None:
        """Return those that were chosen on held-out texts."""
        return None if self._fitted is None else self._fitted.thresholds

    def save(self, folder: Path) -> None:
        """Write `model.skops`."""
        if self._fitted is None:
            raise PluginError("the model was saved before fit or load")
        write_fitted(self._fitted.state(), folder)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote; see `storage.read_fitted` for what is refused."""
        state = read_fitted(folder, self.private_types)
        fitted = Fitted.of(state, self.estimator_type, (StandardScaler, Normalizer))
        self.ready(fitted)
        self._fitted = fitted

    def _thresholds(self, data: TrainingSet, ctx: JobContext) -> NDArray[np.float32] | None:
        if not getattr(self.params, "thresholds", False):
            return None
        without: Any = replace(self.params, thresholds=False)
        said = out_of_fold(lambda: type(self)(without), data, ctx)
        if said is None:
            ctx.log("too few texts to choose thresholds on: a label is on a text from 0.5 on")
            return None
        return thresholds_by_f1(data.targets, said)

    def _before(self, targets: Targets, width: int) -> list[Any]:
        """Return what was learnt of each of the labels last time; None where that does not fit."""
        fitted = self._fitted
        if fitted is None or (fitted.width, fitted.multilabel) != (width, targets.multilabel):
            return [None] * max(len(targets.columns), 1)
        if not targets.multilabel or len(fitted.estimators) < len(fitted.columns):
            same = np.array_equal(fitted.columns, targets.columns)
            return [fitted.estimators[0] if same else None]
        known = dict(zip(fitted.columns.tolist(), fitted.estimators, strict=True))
        return [known.get(column) for column in targets.columns.tolist()]

    def _train_all(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        given: NDArray[np.float32] | None,
        before: list[Any],
        seed: int,
        ctx: JobContext,
    ) -> list[Any]:
        if y.ndim == 1 or (self.together and y.shape[1] > 1):
            return [self._train(features, y, given, before[0], seed, ctx)]
        estimators = []
        for i, column in enumerate(y.T):
            ctx.progress(i / y.shape[1], "learning label by label")
            estimators.append(self._train(features, column, given, before[i], seed, ctx))
        return estimators

    def _train(
        self,
        features: Matrix,
        y: NDArray[np.integer],
        given: NDArray[np.float32] | None,
        before: Any,
        seed: int,
        ctx: JobContext,
    ) -> Any:
        weights = None if given is None else given.astype(np.float64)
        if getattr(self.params, "class_weight", "none") == "balanced":
            balanced = balanced_weights(y)
            weights = balanced if weights is None else weights * balanced
        if before is not None:
            return self.train_from(before, features, y, weights, seed % 2**32, ctx)
        return self.train(features, y, weights, seed % 2**32, ctx)
