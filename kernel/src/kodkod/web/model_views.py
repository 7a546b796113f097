"""From a stored model to what the contract shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import msgspec

from kodkod.api import ModelSpec, NotFoundError, ScoreReport
from kodkod.plugins import PluginRegistry
from kodkod.project.samples import names_of_columns
from kodkod.project.scheme import LiveScheme
from kodkod.project.teaching import Taught
from kodkod.project.validated import Validated
from kodkod.store.artefacts import ModelRow, Provenance
from kodkod.web.model_contract import ModelEnergy, ModelInfo, ModelTraining

__all__ = ["exports_of", "model_info"]


def model_info(
    row: ModelRow,
    scheme: LiveScheme,
    registry: PluginRegistry,
    energy: Mapping[str, tuple[float, float]],
) -> ModelInfo:
    """Show a model; `energy` has Wh and g CO2e by the id of a job."""
    spent = energy.get(row.id)
    return ModelInfo(
        id=row.id,
        name=row.name,
        kind=row.kind,
        scheme=scheme.row.name,
        component=row.component,
        params=row.params,
        features=row.features,
        labels=list(names_of_columns(row.label_ids, scheme.coder.labels)),
        n_train=row.n_train,
        trained_at_seq=row.trained_at_seq,
        corpus_fingerprint=row.corpus_fingerprint,
        seed=row.seed,
        scores=msgspec.convert(row.scores, dict[str, ScoreReport]),
        predicted_rows=row.predicted_rows,
        created_at=row.created_at,
        predicted=row.predicted,
        training=_training(row, scheme),
        thresholds=row.thresholds,
        validation=None if row.validation is None else msgspec.convert(row.validation, Validated),
        provenance=msgspec.convert(row.provenance, Provenance),
        energy=None if spent is None else ModelEnergy(wh=spent[0], g_co2e=spent[1]),
        exports=exports_of(row, registry),
    )


def exports_of(row: ModelRow, registry: PluginRegistry) -> list[str]:
    """Return the forms that a model can be exported in; none where its component is gone."""
    if row.kind != "model":
        return []
    try:
        return list(cast("ModelSpec", registry.spec("model", row.component)).exports)
    except NotFoundError:
        return []


def _training(row: ModelRow, scheme: LiveScheme) -> ModelTraining:
    taught = msgspec.convert(row.training, Taught)
    labels = scheme.coder.labels
    one = taught.dichotomise
    return ModelTraining(
        exclude_labels=list(names_of_columns(taught.exclude_labels, labels)),
        dichotomise=None if one is None else names_of_columns((one,), labels)[0],
        annotators=taught.annotators,
        sources=taught.sources,
        silver=taught.silver,
        n_silver=taught.n_silver,
        window=taught.window,
    )
