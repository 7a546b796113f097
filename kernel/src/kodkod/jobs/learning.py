"""Fitting a model on annotations, and predicting rows with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, JobContext, Model, ModelSpec, PluginError
from kodkod.jobs.coding import Coding
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.inputs import JoinedFeatures
from kodkod.jobs.material import Material
from kodkod.jobs.texts import read_batches, read_rows, unread_batch

__all__ = ["FEATURE_ROWS", "fit_model", "material_of", "model_spec", "predict_together"]

FEATURE_ROWS = 16_384


def model_spec(ctx: KernelJobContext, component: str, scheme_type: str) -> ModelSpec:
    """Return the spec of a model that must be able to learn the scheme type.

    Raises:
        InvalidInputError: it cannot.
    """
    spec = cast("ModelSpec", ctx.workspace.registry.spec("model", component))
    if scheme_type not in spec.scheme_types:
        raise InvalidInputError(
            f"The model {component!r} learns {', '.join(spec.scheme_types)}, not {scheme_type}; "
            "choose another model.",
            field="component",
        )
    return spec


def fit_model(
    model: Model[Any],
    coding: Coding,
    features: JoinedFeatures | None,
    root: Path,
    seed: int,
    ctx: JobContext,
) -> None:
    """Fit on all of `coding`; without features on the texts of the corpus in `root`.

    Raises:
        InvalidInputError: it cannot be learnt from.
    """
    model.fit(material_of(coding, features, root).lesson(seed), ctx)


def material_of(coding: Coding, features: JoinedFeatures | None, root: Path) -> Material:
    """Return the texts of `coding` as models read them.

    Raises:
        InvalidInputError: there are none.
    """
    if not len(coding.rows):
        raise InvalidInputError(
            f"Nothing in the train split is annotated with the scheme {coding.scheme.name!r} yet, "
            "or nothing of what the model is to learn from; annotate some texts first."
        )
    return Material(
        batch=read_rows(root, coding.rows) if features is None else unread_batch(coding.rows),
        features=None if features is None else features.take(coding.rows),
        targets=coding.targets(),
        names=coding.labels,
        values=coding.values if coding.has_spans else None,
        weights=coding.weights,
    )


def predict_together(
    models: Sequence[Model[Any]],
    n_labels: int,
    features: JoinedFeatures | None,
    root: Path,
    n_rows: int,
    ctx: KernelJobContext,
    share: tuple[float, float],
) -> list[NDArray[np.float32]]:
    """Return each model's probabilities of rows 0 to `n_rows`; the features are read once."""
    found = [np.empty((n_rows, n_labels), dtype=np.float32) for _ in models]
    done = 0
    for parts in _predicted(models, n_labels, features, root, n_rows, ctx, share):
        for whole, part in zip(found, parts, strict=True):
            whole[done : done + len(part)] = part
        done += len(parts[0])
    return found


def _predicted(
    models: Sequence[Model[Any]],
    n_labels: int,
    features: JoinedFeatures | None,
    root: Path,
    n_rows: int,
    ctx: KernelJobContext,
    share: tuple[float, float],
) -> Iterator[list[NDArray[np.float32]]]:
    lo, hi = share
    step = (hi - lo) / max(n_rows, 1)
    batches = (
        read_batches(root, start=0, n_rows=n_rows)
        if features is None
        else (unread_batch(rows) for rows in _parts(n_rows))
    )
    done = 0
    for batch in batches:
        begin, end = lo + step * done, lo + step * (done + len(batch))
        ctx.progress(begin, f"predicting text {done + 1} of {n_rows}")
        part = None if features is None else features.between(done, done + len(batch))
        found = [model.predict_proba(batch, part, ctx.part(begin, end)) for model in models]
        for each in found:
            if each.shape != (len(batch), n_labels):
                raise PluginError(
                    f"The model gave probabilities of shape {each.shape} where "
                    f"{(len(batch), n_labels)} was due."
                )
        yield [np.asarray(each, dtype=np.float32) for each in found]
        done += len(batch)


def _parts(n_rows: int) -> Iterator[NDArray[np.int64]]:
    for start in range(0, n_rows, FEATURE_ROWS):
        yield np.arange(start, min(start + FEATURE_ROWS, n_rows))
