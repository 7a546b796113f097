"""One fitted object: scaling and estimators together, saved, loaded and applied as one."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, Matrix
from kodkod_sklearn.matrices import shape_of

__all__ = ["Fitted"]


class Fitted(Struct, kw_only=True):
    """What a model has learnt.

    `scaler` (a transformer of scikit-learn, or None) is applied to features of `width`
    dimensions first. `estimators` are one for all labels, or one for each of `columns`
    (one-vs-rest). Labels outside `columns` have their constant probability. `thresholds` are those
    of `Model.thresholds`.
    """

    width: int
    multilabel: bool
    columns: NDArray[np.int64]
    constants: NDArray[np.float32]
    scaler: Any
    estimators: list[Any]
    thresholds: NDArray[np.float32] | None = None

    def scale(self, features: Matrix) -> Matrix:
        """Return `features` as the estimators were taught to read them."""
        return features if self.scaler is None else self.scaler.transform(features)

    def predict(self, features: Matrix) -> NDArray[np.float32]:
        """Return `[n, n_labels]` for at least one row."""
        out = np.tile(self.constants, (shape_of(features)[0], 1))
        scaled = self.scale(features)
        if not self.multilabel:
            out[:, self.columns] = self.estimators[0].predict_proba(scaled)
        elif len(self.estimators) == len(self.columns):
            for column, estimator in zip(self.columns, self.estimators, strict=True):
                out[:, column] = estimator.predict_proba(scaled)[:, 1]
        else:
            each = self.estimators[0].predict_proba(scaled)
            for column, probabilities in zip(self.columns, each, strict=True):
                out[:, column] = probabilities[:, 1]
        return out

    def state(self) -> dict[str, Any]:
        """Return what to write to disk."""
        return {name: getattr(self, name) for name in self.__struct_fields__}

    @classmethod
    def of(cls, state: dict[str, Any], estimator: type, scalers: tuple[type, ...]) -> Fitted:
        """Rebuild from `state`, all of whose parts must be of the expected types.

        Raises:
            InvalidInputError: the state is that of something else.
        """
        try:
            fitted = cls(**state)
            right = (
                all(type(each) is estimator for each in fitted.estimators)
                and (fitted.scaler is None or type(fitted.scaler) in scalers)
                and fitted.columns.dtype == np.int64
                and fitted.constants.dtype == np.float32
                and len(fitted.estimators) in {1, len(fitted.columns)}
                and (fitted.thresholds is None or fitted.thresholds.dtype == np.float32)
            )
        except (AttributeError, TypeError) as error:
            raise InvalidInputError(f"the saved model lacks a part: {error}") from error
        if not right:
            raise InvalidInputError(
                f"the saved model is no {estimator.__name__}; train the model again"
            )
        return fitted
