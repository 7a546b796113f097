"""What a model or a labelling says of texts, as the values of one more coder."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import ConflictError, Split, Value
from kodkod.project.agreeing import MachineCoder
from kodkod.project.learning_history import align_columns
from kodkod.project.scheme import LiveScheme
from kodkod.store.artefacts import ModelRow
from kodkod.store.predictions import StoredRows, open_predicted

__all__ = ["MachineSaid", "machine_coder", "machine_said"]


class MachineSaid(Struct, frozen=True, kw_only=True):
    """The values of some rows, in a scheme's labels of now.

    `confidence`, float32 `[len(rows)]`, is the probability of the label, where there is one label a
    text.
    """

    rows: NDArray[np.int64]
    values: list[Value]
    confidence: NDArray[np.float32] | None = None


def machine_coder(
    root: Path, model: ModelRow, scheme: LiveScheme, split: Split | None
) -> MachineCoder:
    """Return a model's values in the labels of now; `root` is the project's folder.

    Reads files: for another thread than the event loop's.

    Raises:
        ConflictError: it has predicted nothing yet.
        UnavailableError: the predictions are damaged.
    """
    predicted = open_predicted(root, model.id, split)
    if predicted is None or not len(predicted.rows):
        raise ConflictError(
            f"{model.name!r} has said nothing of these texts yet; let it predict the corpus, or "
            "name a split that it has predicted."
        )
    said = machine_said(predicted, model, scheme)
    return MachineCoder(name=f"{model.kind}: {model.name}", rows=said.rows, values=said.values)


def machine_said(predicted: StoredRows, model: ModelRow, scheme: LiveScheme) -> MachineSaid:
    """Return what some predictions of a model say in the labels of now.

    Raises:
        ConflictError: the scheme is of passages, and the model marks none.
    """
    table = scheme.scheme_type.encode([], scheme.coder.names)
    if table is None:
        return MachineSaid(rows=predicted.rows, values=_spans(predicted, model, scheme))
    several = table.ndim == 2
    p = align_columns(
        np.asarray(predicted.probabilities),
        model.label_ids,
        scheme.coder.ids,
        scheme.fold.merged,
        several=several,
    )
    known = ~np.isnan(p).all(axis=1)
    p = np.nan_to_num(p[known])
    if several and model.thresholds is not None and model.label_ids == list(scheme.coder.ids):
        names = np.array(scheme.coder.names, dtype=object)
        chosen = p >= np.array(model.thresholds, dtype=np.float32)
        values = [names[line].tolist() for line in chosen]
    else:
        values = scheme.scheme_type.decode(p, scheme.coder.names)
    sure = None if several or not p.shape[1] else p.max(axis=1)
    return MachineSaid(
        rows=predicted.rows[known], values=cast("list[Value]", values), confidence=sure
    )


def _spans(predicted: StoredRows, model: ModelRow, scheme: LiveScheme) -> list[Value]:
    if predicted.spans is None:
        raise ConflictError(f"{model.name!r} marks no passages; choose one that does.")
    merged = scheme.fold.merged
    names: dict[int, str] = {}
    for id_ in model.label_ids:
        target: int | None = id_
        while target is not None and target in merged:
            target = merged[target]
        if target in scheme.coder.ids:
            names[id_] = scheme.coder.names[scheme.coder.ids.index(target)]
    return cast("list[Value]", predicted.spans.values(predicted.rows, names))
