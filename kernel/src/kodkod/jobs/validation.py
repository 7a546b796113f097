"""Cross-validation of a model on labelled texts, with its learning curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import (
    CurvePoint,
    InvalidInputError,
    Model,
    PluginError,
    Score,
    Span,
    SpanModel,
)
from kodkod.jobs.context import KernelJobContext, PartContext
from kodkod.jobs.fold_file import FoldSaid, read_fold, write_fold
from kodkod.jobs.material import Material
from kodkod.project.assessment import (
    AssessmentPlan,
    Replicates,
    curve_point,
    predicted_table,
    score_of,
)
from kodkod.project.folds import ALWAYS_LEARNT, assign_folds, growing_order

__all__ = ["CrossValidated", "Validation"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class CrossValidated(Struct, kw_only=True):
    """What models said of the texts that they had not learnt from.

    `probabilities` is `[n, k]`, NaN where nothing could be learnt or a text was never held out;
    `folds` has the fold of each text. `spans` are there where models give spans, `thresholds`
    (the mean over the folds) where they have any. `reason` is why a model could not be fitted,
    where that was so.
    """

    probabilities: Floats
    folds: Rows
    spans: list[list[Span]] | None = None
    thresholds: Floats | None = None
    reason: str = ""


class Validation:
    """One run: every fold, and on some of them models that learnt from fewer texts."""

    def __init__(
        self,
        ctx: KernelJobContext | PartContext,
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
        self._reason = ""

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

    def cross_validate(self, tested_folds: int) -> CrossValidated:
        """Return what is said of each text by a model that has not learnt from it.

        Only the texts of the first so many folds are held out and tested.
        """
        material, plan = self._material, self._plan
        folds = assign_folds(material.labels, plan.folds, self._rng)
        found = CrossValidated(
            probabilities=np.full(material.labels.shape, np.nan, dtype=np.float32),
            folds=folds,
            spans=[[] for _ in folds] if material.values is not None else None,
        )
        thresholds: list[Floats] = []
        for fold in range(tested_folds):
            test = np.flatnonzero(folds == fold)
            said = self._fold(np.flatnonzero(folds != fold), test, tested_folds)
            if said is None:
                continue
            found.probabilities[test] = said.probabilities
            if found.spans is not None and said.spans is not None:
                for place, spans in zip(test.tolist(), said.spans, strict=True):
                    found.spans[place] = spans
            if said.thresholds is not None:
                thresholds.append(said.thresholds)
        found.reason = self._reason
        if thresholds:
            found.thresholds = np.asarray(np.mean(thresholds, axis=0), dtype=np.float32)
        return found

    def _fold(self, train: Rows, test: Rows, fits: int) -> FoldSaid | None:
        """Return what is said of the texts of a fold, by a run before this one perhaps."""
        part = self._next_part(fits)
        kept = read_fold(part.checkpoints)
        if kept is not None:
            return kept
        model = self._fitted(train, part)
        if model is None:
            return None
        said = self._said(model, test, part)
        write_fold(part.checkpoints, said)
        return said

    def _grow(self, train: Rows, test: Rows, drawn: Sequence[Sequence[Floats]]) -> None:
        for repeat in range(self._plan.repeats):
            order = train[growing_order(self._material.labels[train], self._rng)]
            for share, predictions in zip(self._plan.shares[:-1], drawn, strict=True):
                some = order[: round(share * len(train))]
                predictions[repeat][test] = self._predict(some, test)

    def _predict(self, train: Rows, test: Rows) -> Floats | float:
        """Return `[len(test), k]`, or NaN where nothing can be learnt from so few."""
        part = self._next_part(self._plan.fits)
        model = self._fitted(train, part)
        return np.nan if model is None else self._said(model, test, part).probabilities

    def _next_part(self, fits: int) -> PartContext:
        begin, self._done = self._done, self._done + 1
        part = self._ctx.part(begin / fits, self._done / fits, f"fit-{self._done}")
        part.progress(0.0, f"cross-validating: model {self._done} of {fits}")
        return part

    def _fitted(self, train: Rows, part: PartContext) -> Model[Any] | None:
        model = next(self._models)
        try:
            model.fit(self._material.lesson(self._seed, train), part)
        except InvalidInputError as error:
            self._reason = error.message
            return None
        return model

    def _said(self, model: Model[Any], test: Rows, part: PartContext) -> FoldSaid:
        material = self._material
        batch, features = material.part(test)
        spans = None
        if isinstance(model, SpanModel):
            predicted = model.predict_spans(batch, part)
            found, spans = predicted.probabilities, predicted.spans
        else:
            found = model.predict_proba(batch, features, part)
        found = np.asarray(found, dtype=np.float32)
        if found.shape != (len(test), len(material.names)):
            raise PluginError(
                f"The model gave probabilities of shape {found.shape} where "
                f"{(len(test), len(material.names))} was due."
            )
        return FoldSaid(probabilities=found, spans=spans, thresholds=model.thresholds())

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
