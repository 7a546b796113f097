"""The checks, by kind of component. A check's name is the promise that it holds."""

from __future__ import annotations

from kodkod.api import ComponentSpec
from kodkod.testing.checks import (
    any_component,
    exporter,
    feature,
    importer,
    metric,
    model,
    scheme_type,
    sign_in,
    stopping,
    strategy,
)
from kodkod.testing.checks.kind import Check

__all__ = ["Check", "checks_for"]

_BY_KIND = {
    "exporter": exporter.CHECKS,
    "feature": feature.CHECKS,
    "importer": importer.CHECKS,
    "metric": metric.CHECKS,
    "model": model.CHECKS,
    "scheme-type": scheme_type.CHECKS,
    "sign-in": sign_in.CHECKS,
    "stopping-rule": stopping.CHECKS,
    "strategy": strategy.CHECKS,
}


def checks_for(spec: ComponentSpec) -> tuple[Check, ...]:
    """Return the checks for a spec: those for any component, then those of its kind."""
    return any_component.CHECKS + _BY_KIND.get(spec.kind, ())
