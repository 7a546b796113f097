"""Finding what is to be predicted: the complete corpus, one split of it, or a file."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, ModelSpec, Split
from kodkod.jobs.coding import splits_of
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.inputs import JoinedFeatures, find_features, load_features, open_features
from kodkod.jobs.kinds.params import PredictOn
from kodkod.jobs.predicting import Asked
from kodkod.project.importing import ProjectConfig, read_table, texts_to_predict
from kodkod.store.artefacts import ModelRow
from kodkod.store.files import whole_file

__all__ = ["Order", "order_of"]

_TEXTS = "texts.parquet"


class Order(Struct, frozen=True, kw_only=True):
    """What is asked for, and the folder where the answer lies. `part` is a split or a file's id.

    `fingerprint` is the corpus's; that of a file, which never changes, is its id.
    """

    asked: Asked
    folder: Path
    part: str
    fingerprint: str
    of_file: bool = False


def order_of(
    ctx: KernelJobContext, model: ModelRow, spec: ModelSpec, on: PredictOn, file_id: str | None
) -> Order:
    """Find the texts, and open what the model reads of them.

    Raises:
        InvalidInputError: a split is empty, a feature or the file is missing, or the file cannot
            be read.
    """
    if on == "file":
        return _of_file(ctx, model, spec, file_id)
    project, places = ctx.project, ctx.workspace.places(ctx.project)
    features = None
    if spec.reads == "features":
        named = find_features(ctx.workspace, project, model.features)
        features = open_features(ctx.workspace, project, named)
    if on == "complete":
        rows, folder, part = np.arange(project.n_rows), places.predictions(model.id), ""
        path = places.root / "complete.parquet"
    else:
        rows = np.flatnonzero(splits_of(ctx.workspace, project) == Split(on).code)
        folder, part = places.predicted(model.id, on), str(on)
        path = places.root / f"{on}.parquet"
        if not len(rows):
            raise InvalidInputError(
                f"The {on} split has no texts; choose another split, or the complete corpus.",
                field="on",
            )
    asked = Asked(path=path, rows=_covered(ctx, rows, features), stored=features)
    return Order(asked=asked, folder=folder, part=part, fingerprint=project.corpus_fingerprint)


def _covered(
    ctx: KernelJobContext, rows: NDArray[np.int64], features: JoinedFeatures | None
) -> NDArray[np.int64]:
    if features is None:
        return rows
    covered = rows[rows < features.n_rows]
    if len(covered) < len(rows):
        ctx.log(f"only {len(covered)} of {len(rows)} rows are predicted: extend the features")
    return covered


def _of_file(ctx: KernelJobContext, model: ModelRow, spec: ModelSpec, file_id: str | None) -> Order:
    if file_id is None:
        raise InvalidInputError("Name the file that is to be predicted.", field="file")
    source = ctx.artefacts.file(file_id)
    path = ctx.checkpoints / _TEXTS
    if not path.exists():
        ctx.progress(None, "reading the file")
        _write_texts(ctx, source, path)
    n_texts = pl.scan_parquet(path).select(pl.len()).collect().item()
    fitted = None
    if spec.reads == "features":
        named = find_features(ctx.workspace, ctx.project, model.features)
        fitted = load_features(ctx.workspace, ctx.project, named)
    return Order(
        asked=Asked(path=path, rows=np.arange(n_texts), fitted=fitted),
        folder=ctx.workspace.places(ctx.project).predicted(model.id, file_id),
        part=file_id,
        fingerprint=file_id,
        of_file=True,
    )


def _write_texts(ctx: KernelJobContext, source: Path, path: Path) -> None:
    """Read the file once; from then on its texts are read a part at a time."""
    config = msgspec.convert(ctx.project.config, ProjectConfig)
    table = texts_to_predict(read_table(source, source.name, ctx.workspace.registry), config)
    with whole_file(path) as aside:
        table.write_parquet(aside, compression="lz4")
