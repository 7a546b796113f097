"""Cross-validation of a model on labelled texts, with its learning curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import (
    CurvePoint,
    InvalidInputError,
    Matrix,
    Model,
    PluginError,
    Score,
    TextBatch,
    TrainingSet,
)
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.texts import unread_batch
from kodkod.project.assessment import (
    AssessmentPlan,
    Replicates,
    curve_point,
    predicted_table,
    score_of,
)
from kodkod.project.folds import ALWAYS_LEARNT, assign_folds, growing_order, label_table

__all__ = ["Material", "Validation"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class Material:
    """The labelled texts as models read them; `labels` is `[n, k]`, which text has which label."""

    def __init__(
        self,
        batch: TextBatch,
        features: Matrix | None,
        targets: NDArray[Any],
        names: tuple[str, ...],
    ) -> None:
        self.batch = batch
        self.features = features
        self.targets = targets
        self.names = names
        self.labels = label_table(targets, len(names))
        self.multilabel = targets.ndim == 2

    def __len__(self) -> int:
        return len(self.batch)

    def part(self, places: Rows) -> tuple[TextBatch, Matrix | None]:
        """Return some texts."""
        batch, features = self.batch, self.features
        if features is None:
            texts = cast("list[str]", [batch.texts[place] for place in places.tolist()])
            return TextBatch(batch.rows[places], texts, batch.context[places]), None
        return unread_batch(batch.rows[places]), cast("Any", features)[places]


class Validation:
    """One run: every fold, and on some of them models that learnt from fewer texts."""

    def __init__(
        self,
        ctx: KernelJobContext,
        material: Material,
        plan: AssessmentPlan,
        models: Iterator[Model[Any]],
        seed: int,
    ) -> None:
        self._ctx = ctx
        self._material = material
        self._plan = plan
        self._models = models
        self._seed = seed
        self._rng = np.random.default_rng(seed)
        self._done = 0

    def run(self) -> tuple[Floats, Score, list[CurvePoint]] | None:
        """Return held-out probabilities of each text, the score and the curve, if any."""
        material, plan = self._material, self._plan
        folds = assign_folds(material.labels, plan.folds, self._rng)
        held_out = np.full(material.labels.shape, np.nan, dtype=np.float32)
        drawn: list[list[Floats]] = [
            [np.full_like(held_out, np.nan) for _ in range(plan.repeats)] for _ in plan.shares[:-1]
        ]
        for fold in range(plan.folds):
            test = np.flatnonzero(folds == fold)
            train = np.flatnonzero(folds != fold)
            held_out[test] = self._predict(train, test)
            if fold < plan.curve_folds:
                self._grow(train, test, drawn)
        score = self._score(held_out, np.flatnonzero(folds != ALWAYS_LEARNT))
        if score.value is None:
            return None
        tested = np.flatnonzero((folds >= 0) & (folds < plan.curve_folds))
        largest = len(material) - len(tested) / plan.curve_folds
        return held_out, score, self._curve(drawn, held_out, tested, largest)

    def _grow(self, train: Rows, test: Rows, drawn: Sequence[Sequence[Floats]]) -> None:
        for repeat in range(self._plan.repeats):
            order = train[growing_order(self._material.labels[train], self._rng)]
            for share, predictions in zip(self._plan.shares[:-1], drawn, strict=True):
                some = order[: round(share * len(train))]
                predictions[repeat][test] = self._predict(some, test)

    def _predict(self, train: Rows, test: Rows) -> Floats | float:
        """Return `[len(test), k]`, or NaN where nothing can be learnt from so few."""
        plan, material = self._plan, self._material
        begin, self._done = self._done, self._done + 1
        start, end = begin / plan.fits, self._done / plan.fits
        self._ctx.progress(start, f"cross-validating: model {self._done} of {plan.fits}")
        part = self._ctx.part(start, end)
        batch, features = material.part(np.sort(train))
        data = TrainingSet(
            batch=batch,
            features=features,
            targets=material.targets[np.sort(train)],
            labels=material.names,
            seed=self._seed,
        )
        model = next(self._models)
        try:
            model.fit(data, part)
        except InvalidInputError:
            return np.nan
        batch, features = material.part(test)
        found = np.asarray(model.predict_proba(batch, features, part), dtype=np.float32)
        if found.shape != (len(test), len(material.names)):
            raise PluginError(
                f"The model gave probabilities of shape {found.shape} where "
                f"{(len(test), len(material.names))} was due."
            )
        return found

    def _score(self, held_out: Floats, tested: Rows) -> Score:
        tested = tested[~np.isnan(held_out[tested]).any(axis=1)]
        if not len(tested):
            return Score(value=None)
        predicted = predicted_table(held_out[tested], multilabel=self._material.multilabel)
        replicates = Replicates(len(tested), self._rng)
        return score_of(replicates.macro_f1(self._material.labels[tested], predicted))

    def _curve(
        self, drawn: Sequence[Sequence[Floats]], held_out: Floats, tested: Rows, largest: float
    ) -> list[CurvePoint]:
        replicates = Replicates(len(tested), self._rng)
        points: dict[int, CurvePoint] = {}
        for share, repeats in zip(self._plan.shares, [*drawn, [held_out]], strict=True):
            # Points are comparable only if each is of all the tested texts.
            whole = [each[tested] for each in repeats if not np.isnan(each[tested]).any()]
            if not whole:
                continue
            point = curve_point(
                round(share * largest),
                self._material.labels[tested],
                [predicted_table(each, multilabel=self._material.multilabel) for each in whole],
                replicates,
                self._rng,
            )
            if point is not None:
                points[point.n] = point
        return [points[n] for n in sorted(points)]
