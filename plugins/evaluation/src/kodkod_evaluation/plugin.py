"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, MetricSpec, hookimpl
from kodkod_evaluation import params

API = "2.2"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the metrics."""
    yield MetricSpec(
        name="classification",
        title="Classification",
        summary="Right and wrong, areas under curves, losses and calibration, with 95 % intervals",
        factory="kodkod_evaluation.classification:Classification",
        params=params.ClassificationParams,
        scheme_types=("multiclass", "multilabel"),
    )
    yield MetricSpec(
        name="spans",
        title="Passages",
        summary="Precision, recall and F1 of passages by borders, by overlap and by label",
        factory="kodkod_evaluation.spans:Spans",
        params=params.SpanParams,
        scheme_types=("span",),
    )
