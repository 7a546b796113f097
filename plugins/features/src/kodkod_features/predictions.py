"""What a model of the project says, as a feature."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import (
    Feature,
    InvalidInputError,
    JobContext,
    PluginError,
    StoredPredictions,
    TextBatch,
)
from kodkod_features.params import ModelPredictionsParams

__all__ = ["ModelPredictions"]

_NAMED = 10


class _Pinned(Struct, frozen=True):
    """The model, and how many labels it tells apart."""

    model: str
    n_labels: int


class ModelPredictions(Feature[ModelPredictionsParams]):
    """A model's probabilities: a dimension for each label that it tells apart.

    What it predicts later, of rows that are added, is what those rows get.
    """

    _pinned: _Pinned | None = None
    _predictions: StoredPredictions | None = None

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """See that the model has predicted.

        Raises:
            InvalidInputError: there is no such model, or it has not predicted the corpus yet.
        """
        id_ = ctx.artefacts.model(self.params.model).id
        self._predictions = found = ctx.artefacts.predictions(id_)
        self._pinned = _Pinned(id_, len(found.labels))
        ctx.log(f"the labels of {self.params.model}: {', '.join(found.labels)}")

    def transform(self, batch: TextBatch, ctx: JobContext) -> NDArray[np.float32]:
        """Return float32 `[n, n_labels]`.

        Raises:
            InvalidInputError: a text is not predicted yet.
        """
        if self._pinned is None:
            raise PluginError("model-predictions was asked for vectors before fit or load")
        if self._predictions is None:
            self._predictions = ctx.artefacts.predictions(self._pinned.model)
        ctx.progress(0.0, f"reading what {self.params.model} says")
        stored = self._predictions.probabilities
        there = batch.rows < len(stored)
        found = np.full((len(batch), self._pinned.n_labels), np.nan, dtype=np.float32)
        found[there] = stored[batch.rows[there]]
        self._refuse_unpredicted(batch, np.asarray(np.isfinite(found).all(axis=1)))
        return found

    def save(self, folder: Path) -> None:
        """Write which model it is; its predictions stay where they are."""
        if self._pinned is None:
            raise PluginError("model-predictions was saved before fit or load")
        (folder / "model.json").write_bytes(msgspec.json.encode(self._pinned))

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        self._pinned = msgspec.json.decode((folder / "model.json").read_bytes(), type=_Pinned)
        self._predictions = None

    def _refuse_unpredicted(self, batch: TextBatch, predicted: NDArray[np.bool_]) -> None:
        if predicted.all():
            return
        missing = np.flatnonzero(~predicted)
        names = [
            str(batch.ids[i]) if len(batch.ids) else f"row {batch.rows[i]}"
            for i in missing[:_NAMED].tolist()
        ]
        more = " and others" if len(missing) > _NAMED else ""
        raise InvalidInputError(
            f"The model {self.params.model!r} has not predicted {len(missing)} of {len(batch)} "
            f"texts: {', '.join(names)}{more}. Let it predict the complete corpus first.",
            field="model",
        )
