"""Labelled texts as models read them, whole or some of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Matrix, TextBatch, TrainingSet, Value
from kodkod.jobs.texts import unread_batch
from kodkod.project.folds import label_table

__all__ = ["Material"]


class Material:
    """The labelled texts as models read them; `labels` is `[n, k]`, which text has which label.

    `values` are there where they are spans.
    """

    def __init__(
        self,
        batch: TextBatch,
        features: Matrix | None,
        targets: NDArray[Any],
        names: tuple[str, ...],
        values: Sequence[Value] | None = None,
        weights: NDArray[np.float32] | None = None,
    ) -> None:
        self.batch = batch
        self.features = features
        self.targets = targets
        self.names = names
        self.values = values
        self.weights = weights
        self.labels = label_table(targets, len(names))
        self.multilabel = targets.ndim == 2

    def __len__(self) -> int:
        return len(self.batch)

    def part(self, places: NDArray[np.int64]) -> tuple[TextBatch, Matrix | None]:
        """Return some texts."""
        batch, features = self.batch, self.features
        if features is None:
            texts = cast("list[str]", [batch.texts[place] for place in places.tolist()])
            known = cast("list[str]", batch.ids)
            ids = [known[place] for place in places.tolist()] if known else []
            # A table of no columns has no rows either.
            context = batch.context[places] if batch.context.width else batch.context
            return TextBatch(batch.rows[places], texts, context, ids), None
        return unread_batch(batch.rows[places]), cast("Any", features)[places]

    def lesson(self, seed: int, places: NDArray[np.int64] | None = None) -> TrainingSet:
        """Return all texts to learn from, or some of them in ascending order."""
        batch, features, targets, values = self.batch, self.features, self.targets, self.values
        weights = self.weights
        if places is not None:
            places = np.sort(places)
            batch, features = self.part(places)
            targets = targets[places]
            weights = None if weights is None else weights[places]
            values = None if values is None else [values[place] for place in places.tolist()]
        return TrainingSet(
            batch=batch,
            features=features,
            targets=targets,
            labels=self.names,
            seed=seed,
            values=values,
            weights=weights,
        )
