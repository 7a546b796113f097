"""A matrix that was computed elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Feature, InvalidInputError, JobContext, PluginError, TextBatch
from kodkod_features.params import ImportedMatrixParams
from kodkod_features.vector_file import open_npy, open_parquet, read_ids

__all__ = ["ImportedMatrix"]

_NAMED = 10
_AT_ONCE = 16_384


class _Source(Struct):
    """The vectors, mapped, and where each id's is; without ids they are in row order."""

    name: str
    vectors: NDArray[Any]
    place: dict[str, int] | None

    def places(self, batch: TextBatch) -> NDArray[np.int64]:
        """Return where each text's vector is, -1 where there is none."""
        if self.place is None:
            return np.where(batch.rows < len(self.vectors), batch.rows, -1)
        if len(batch.ids) != len(batch):
            raise InvalidInputError(
                "Texts without ids have no imported vector; this feature is of the corpus only.",
                field="file",
            )
        return np.array([self.place.get(id_, -1) for id_ in batch.ids], dtype=np.int64)


class ImportedMatrix(Feature[ImportedMatrixParams]):
    """The vectors of a file of the project, each text's found by its id.

    The file is looked up by its name each time: one that has the vectors of later rows too may be
    put in its place before those are added.
    """

    _source: _Source | None = None
    _filling: NDArray[np.float32] | None = None

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Check the file, and that the texts of the train split are in it.

        Raises:
            InvalidInputError: there is no such file, it is damaged, an id is there twice, a
                vector is not finite, or texts have none.
        """
        self._source = source = self._open(ctx)
        _check_finite(source, ctx)
        places = source.places(batch)
        there = places[places >= 0]
        ctx.log(
            f"{source.name}: {len(source.vectors)} vectors of {source.vectors.shape[1]} "
            f"dimensions, {len(there)} of them for the {len(batch)} texts of the train split"
        )
        self._filling = np.zeros(source.vectors.shape[1], dtype=np.float32)
        if self.params.missing == "mean" and len(there):
            total = np.zeros(source.vectors.shape[1])
            for start in range(0, len(there), _AT_ONCE):
                part = np.sort(there[start : start + _AT_ONCE])
                total += source.vectors[part].sum(axis=0, dtype=np.float64)
            self._filling = (total / len(there)).astype(np.float32)
        self._refuse_missing(batch, places)

    def transform(self, batch: TextBatch, ctx: JobContext) -> NDArray[np.float32]:
        """Return float32 `[n, dim]`.

        Raises:
            InvalidInputError: a text has no vector, and none is to be filled in.
        """
        if self._filling is None:
            raise PluginError("imported-matrix was asked for vectors before fit or load")
        if self._source is None:
            self._source = self._open(ctx)
        source = self._source
        width = source.vectors.shape[1]
        if width != len(self._filling):
            raise InvalidInputError(
                f"{source.name} has {width} dimensions now and had {len(self._filling)}; compute "
                "the feature anew.",
                field="file",
            )
        ctx.progress(0.0, f"reading {source.name}")
        places = source.places(batch)
        self._refuse_missing(batch, places)
        missing = places < 0
        found = np.empty((len(batch), width), dtype=np.float32)
        found[~missing] = source.vectors[places[~missing]]
        found[missing] = self._filling
        if missing.any():
            ctx.log(
                f"{missing.sum()} of {len(batch)} texts have no vector in {source.name} and are "
                f"filled with {'zeros' if self.params.missing == 'zero' else 'the mean'}"
            )
        _refuse_infinite(source, found, np.where(missing, 0, places))
        return found

    def save(self, folder: Path) -> None:
        """Write what a missing vector is filled with; the file stays where it is."""
        if self._filling is None:
            raise PluginError("imported-matrix was saved before fit or load")
        np.save(folder / "filling.npy", self._filling, allow_pickle=False)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        self._filling = np.load(folder / "filling.npy", allow_pickle=False)
        self._source = None

    def _open(self, ctx: JobContext) -> _Source:
        given = self.params
        path = ctx.artefacts.file(given.file)
        ending = path.suffix.lower()
        if ending == ".parquet":
            ids = read_ids(path, given.id_column)
            vectors: NDArray[Any] = open_parquet(path, given.id_column, given.columns, ctx)
        elif ending == ".npy":
            vectors = open_npy(path)
            ids = None
            if given.ids_file is not None:
                ids = read_ids(ctx.artefacts.file(given.ids_file), given.id_column)
        else:
            raise InvalidInputError(
                f"{path.name} is neither Parquet nor .npy; give the project one of those.",
                field="file",
            )
        if ids is not None and len(ids) != len(vectors):
            raise InvalidInputError(
                f"There are {len(ids)} ids for the {len(vectors)} vectors in {path.name}; there "
                "must be one for each.",
                field="ids_file",
            )
        place = None if ids is None else {id_: number for number, id_ in enumerate(ids)}
        return _Source(given.file, vectors, place)

    def _refuse_missing(self, batch: TextBatch, places: NDArray[np.int64]) -> None:
        if self.params.missing != "refuse" or (places >= 0).all():
            return
        missing = np.flatnonzero(places < 0)
        names = [
            str(batch.ids[i]) if len(batch.ids) else f"row {batch.rows[i]}"
            for i in missing[:_NAMED].tolist()
        ]
        more = " and others" if len(missing) > _NAMED else ""
        raise InvalidInputError(
            f"{len(missing)} of {len(batch)} texts have no vector in {self.params.file}: "
            f"{', '.join(names)}{more}. Give the project a file that has them, or let missing be "
            "zero or mean.",
            field="missing",
        )


def _check_finite(source: _Source, ctx: JobContext) -> None:
    n = len(source.vectors)
    for start in range(0, n, _AT_ONCE):
        ctx.progress(start / n, f"checking {source.name}")
        with np.errstate(over="ignore"):
            part = np.asarray(source.vectors[start : start + _AT_ONCE], dtype=np.float32)
        _refuse_infinite(source, part, np.arange(start, start + len(part)))


def _refuse_infinite(
    source: _Source, vectors: NDArray[np.float32], places: NDArray[np.int64]
) -> None:
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(bad):
        raise InvalidInputError(
            f"Row {int(places[bad[0]]) + 1} of {source.name} has a number that is missing, "
            "infinite or too large; mend it, or leave the row out.",
            field="file",
        )
