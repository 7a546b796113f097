"""What is to be predicted, as models read it, a part at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import JobContext, Matrix, Model, PluginError, Span, SpanModel, TextBatch
from kodkod.jobs.inputs import FittedFeatures, JoinedFeatures
from kodkod.jobs.learning import FEATURE_ROWS
from kodkod.jobs.texts import read_parts, unread_batch

__all__ = ["Asked", "Said", "say"]


class Asked(Struct, frozen=True, kw_only=True):
    """Some texts: line i of the table at `path` is of row `rows[i]`, which ascend.

    Of a model that reads features, they are the corpus's (`stored`), or computed of each text
    (`fitted`).
    """

    path: Path
    rows: NDArray[np.int64]
    stored: JoinedFeatures | None = None
    fitted: FittedFeatures | None = None

    def parts(self, start: int) -> Iterator[TextBatch]:
        """Yield the texts from line `start` on; their numbers alone where no text is read."""
        if self.stored is None:
            yield from read_parts(self.path, self.rows, start)
            return
        for first in range(start, len(self.rows), FEATURE_ROWS):
            yield unread_batch(self.rows[first : first + FEATURE_ROWS])

    def features(self, batch: TextBatch, ctx: JobContext) -> Matrix | None:
        """Return what a model that reads features reads of a part."""
        if self.fitted is not None:
            return self.fitted.of(batch, ctx)
        if self.stored is None:
            return None
        rows = batch.rows
        if len(rows) and rows[-1] - rows[0] == len(rows) - 1:
            return self.stored.between(int(rows[0]), int(rows[-1]) + 1)
        return self.stored.take(rows)


class Said(Struct, frozen=True, kw_only=True):
    """What a model says of a part: float32 `[n, n_labels]`, and spans where it gives them."""

    probabilities: NDArray[np.float32]
    spans: list[list[Span]] | None = None
    scores: list[list[float]] | None = None


def say(
    model: Model[Any], batch: TextBatch, features: Matrix | None, n_labels: int, ctx: JobContext
) -> Said:
    """Let a model predict a part.

    Raises:
        PluginError: what it gives is not of the shape that was due.
    """
    if isinstance(model, SpanModel):
        found = model.predict_spans(batch, ctx)
        if not len(found.spans) == len(found.scores) == len(batch):
            raise PluginError(
                f"The model gave spans of {len(found.spans)} texts and scores of "
                f"{len(found.scores)} where {len(batch)} were due."
            )
        said = Said(
            probabilities=np.asarray(found.probabilities, dtype=np.float32),
            spans=found.spans,
            scores=found.scores,
        )
    else:
        probabilities = model.predict_proba(batch, features, ctx)
        said = Said(probabilities=np.asarray(probabilities, dtype=np.float32))
    if said.probabilities.shape != (len(batch), n_labels):
        raise PluginError(
            f"The model gave probabilities of shape {said.probabilities.shape} where "
            f"{(len(batch), n_labels)} was due."
        )
    return said
