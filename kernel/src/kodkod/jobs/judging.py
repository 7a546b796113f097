"""Judging models that have not learnt from what they are judged on: folds, and trials of params."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec
import numpy as np

from kodkod.api import (
    Compared,
    InvalidInputError,
    Metric,
    MetricSpec,
    Model,
    ScoreReport,
    Value,
)
from kodkod.jobs.context import PartContext
from kodkod.jobs.material import Material
from kodkod.jobs.validation import CrossValidated, Validation
from kodkod.plugins import PluginRegistry
from kodkod.project.assessment import AssessmentPlan
from kodkod.project.folds import ALWAYS_LEARNT

__all__ = ["Judge", "figure_of", "metric_for"]

_MACRO = "macro_f1"


class Judge:
    """Cross-validates models of one component on the same texts, in the same folds."""

    def __init__(
        self,
        registry: PluginRegistry,
        component: str,
        material: Material,
        metric: Metric[Any],
        seed: int,
    ) -> None:
        self._registry = registry
        self._component = component
        self._material = material
        self._metric = metric
        self._seed = seed

    def by_folds(self, params: Mapping[str, Any], folds: int, ctx: PartContext) -> ScoreReport:
        """Return the report on all texts, each judged by a model that had not seen it.

        Raises:
            InvalidInputError: there are too few texts, or too few of a label.
        """
        return self.report(self.said_by_folds(params, folds, ctx))

    def said_by_folds(
        self, params: Mapping[str, Any], folds: int, ctx: PartContext
    ) -> CrossValidated:
        """Return what is said of all texts, of each by a model that had not seen it.

        Raises:
            InvalidInputError: as `by_folds`.
        """
        return self._cross_validated(params, folds, folds, ctx)

    def by_share(self, params: Mapping[str, Any], share: float, ctx: PartContext) -> ScoreReport:
        """Return the report on one held-out share of the texts.

        Raises:
            InvalidInputError: as `by_folds`.
        """
        return self.report(self._cross_validated(params, max(round(1 / share), 2), 1, ctx))

    def _cross_validated(
        self, params: Mapping[str, Any], folds: int, tested: int, ctx: PartContext
    ) -> CrossValidated:
        self._check(folds)
        plan = AssessmentPlan(folds, 0, 1, (1.0,))
        validation = Validation(ctx, self._material, plan, self._models(params), self._seed)
        return validation.cross_validate(tested)

    def _check(self, folds: int) -> None:
        """Refuse what leaves nothing to learn or nothing to judge by."""
        labels = self._material.labels
        enough = (labels.sum(axis=0) >= 2).sum() + (~labels.any(axis=1)).any()
        if len(self._material) < 2 * folds or enough < 2:
            raise InvalidInputError(
                f"There are too few annotated texts for {folds} folds ({len(self._material)}, of "
                f"which two labels need two each); annotate more, or ask for fewer folds.",
                field="folds",
            )

    def _models(self, params: Mapping[str, Any]) -> Iterator[Model[Any]]:
        while True:
            yield cast("Model[Any]", self._registry.build("model", self._component, params))

    def report(self, found: CrossValidated) -> ScoreReport:
        """Score what was said of texts that were held out.

        Raises:
            InvalidInputError: no model could be fitted.
        """
        material = self._material
        tested = np.flatnonzero(
            (found.folds != ALWAYS_LEARNT) & ~np.isnan(found.probabilities).any(axis=1)
        )
        if not len(tested):
            reason = found.reason.rstrip(". ")
            raise InvalidInputError(
                f"No model could be fitted on a part of the texts: {reason}. Annotating more of "
                "each label may help."
            )
        batch, _ = material.part(tested)
        values: list[Value] | None = None
        if material.values is not None:
            values = [material.values[place] for place in tested.tolist()]
        predicted: list[Value] | None = None
        if found.spans is not None:
            predicted = [cast("Value", found.spans[place]) for place in tested.tolist()]
        compared = Compared(
            reference=material.targets[tested],
            probabilities=found.probabilities[tested],
            labels=material.names,
            thresholds=found.thresholds,
            texts=batch.texts if values is not None else None,
            values=values,
            predicted=predicted,
        )
        report = self._metric.score(compared, np.random.default_rng(self._seed))
        return msgspec.structs.replace(report, basis="cross-validated")


def metric_for(registry: PluginRegistry, name: str | None, scheme_type: str) -> str:
    """Return the metric that is named, or the first that is for such schemes.

    Raises:
        InvalidInputError: the metric is not for such schemes, or none is.
    """
    specs = [cast("MetricSpec", each.spec) for each in registry.components("metric")]
    fitting = [spec.name for spec in specs if scheme_type in spec.scheme_types]
    if name is None and fitting:
        return fitting[0]
    if name is None or name not in fitting:
        registry.spec("metric", name or "")
        raise InvalidInputError(
            f"The metric {name!r} is not for schemes of type {scheme_type}; choose among "
            f"{', '.join(fitting) or 'none'}.",
            field="metric",
        )
    return name


def figure_of(report: ScoreReport, wanted: str) -> str:
    """Return the name of the figure by which trials are compared.

    Raises:
        InvalidInputError: the metric has none of that name.
    """
    names = list(report.overall)
    if not wanted:
        return _MACRO if _MACRO in names else names[0]
    if wanted not in names:
        raise InvalidInputError(
            f"The metric gives no figure {wanted!r}; choose among {', '.join(names)}.",
            field="search.figure",
        )
    return wanted
