"""The checks, by kind of component. A check's name is the promise that it holds."""

from __future__ import annotations

from collections.abc import Iterator

from kodkod.api import ComponentSpec, ModelSpec
from kodkod.testing.checks import (
    agreement,
    any_component,
    consensus,
    estimator,
    exporter,
    feature,
    importer,
    labeller,
    metric,
    model,
    notifier,
    projection,
    scheme_type,
    sign_in,
    span_model,
    stopping,
    strategy,
    topic_model,
)
from kodkod.testing.checks.kind import Check

__all__ = ["Check", "checks_for"]

_BY_KIND = {
    "agreement": agreement.CHECKS,
    "consensus": consensus.CHECKS,
    "estimator": estimator.CHECKS,
    "exporter": exporter.CHECKS,
    "feature": feature.CHECKS,
    "importer": importer.CHECKS,
    "labeller": labeller.CHECKS,
    "metric": metric.CHECKS,
    "model": model.CHECKS,
    "notifier": notifier.CHECKS,
    "projection": projection.CHECKS,
    "scheme-type": scheme_type.CHECKS,
    "sign-in": sign_in.CHECKS,
    "stopping-rule": stopping.CHECKS,
    "strategy": strategy.CHECKS,
    "topic-model": topic_model.CHECKS,
}


def checks_for(spec: ComponentSpec) -> tuple[Check, ...]:
    """Return the checks for a spec: those for any component, then those of its kind."""
    return any_component.CHECKS + tuple(_own_checks(spec))


def _own_checks(spec: ComponentSpec) -> Iterator[Check]:
    scheme_types = spec.scheme_types if isinstance(spec, ModelSpec) else ()
    if scheme_types != ("span",):
        yield from _BY_KIND.get(spec.kind, ())
    if "span" in scheme_types:
        yield from span_model.CHECKS
