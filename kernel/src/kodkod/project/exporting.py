"""Tables for export, in frames of bounded size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.project.corpus import LiveCorpus
from kodkod.project.scheme import LiveScheme
from kodkod.project.sight import Sight

__all__ = ["annotation_frames", "cell", "feature_frames", "log_frames"]

_ROWS = 20_000


class Naming(Protocol):
    """Gives a username for a user's id."""

    def __getitem__(self, id_: int) -> str: ...


def annotation_frames(scheme: LiveScheme, names: Naming, sight: Sight) -> Iterator[pl.DataFrame]:
    """Yield one line for each text that has a value: the value that counts, and who gave it.

    Texts of which the answers are hidden from the reader are left out.
    """
    fold, corpus = scheme.fold, scheme.corpus
    column = _value_column(scheme)
    rows = sorted(row for row in fold.rows_said_of() if not sight.hides(row))
    for chunk in _chunks(rows):
        yield pl.DataFrame(
            [
                {
                    "id": corpus.id_of(row),
                    "split": corpus.split_of(row).value,
                    "text": corpus.text_of(row),
                    column: cell(fold.value_of(answer)),
                    "annotator": names[answer.user_id],
                    "source": answer.source,
                    "comment": answer.comment,
                    "n_annotators": len(fold.voiced(row)),
                    "seconds": answer.seconds,
                    "annotated_at": answer.created_at,
                    "codebook": scheme.codebooks.number(answer.seq),
                    "outdated": scheme.codebooks.outdated(answer),
                    "flagged": answer.flagged,
                }
                for row in chunk
                if (answer := fold.counted(row)) is not None
            ],
            schema={**_BEFORE, column: pl.String, **_AFTER},
        )


_BEFORE: dict[str, Any] = {"id": pl.String, "split": pl.String, "text": pl.String}
_AFTER: dict[str, Any] = {
    "annotator": pl.String,
    "source": pl.String,
    "comment": pl.String,
    "n_annotators": pl.Int64,
    "seconds": pl.Float64,
    "annotated_at": pl.Datetime("us", "UTC"),
    "codebook": pl.Int64,
    "outdated": pl.Boolean,
    "flagged": pl.Boolean,
}


def _value_column(scheme: LiveScheme) -> str:
    """Name the values' column after the scheme, unless another column has that name."""
    name = scheme.row.name
    return f"value.{name}" if name in {*_BEFORE, *_AFTER} else name


def log_frames(entries: Sequence[Mapping[str, Any]]) -> Iterator[pl.DataFrame]:
    """Yield the log's entries, values as JSON where they are no label."""
    for chunk in _chunks(entries):
        yield pl.DataFrame(
            [{**entry, "value": cell(entry["value"])} for entry in chunk],
            schema={
                "seq": pl.Int64,
                "op": pl.String,
                "id": pl.String,
                "row": pl.Int64,
                "user": pl.String,
                "value": pl.String,
                "source": pl.String,
                "strategy": pl.String,
                "selection_probability": pl.Float64,
                "model_version": pl.Int64,
                "comment": pl.String,
                "seconds": pl.Float64,
                "undoes": pl.Int64,
                "created_at": pl.String,
                "codebook": pl.Int64,
                "flagged": pl.Boolean,
            },
        )


def feature_frames(corpus: LiveCorpus, matrix: NDArray[np.float32]) -> Iterator[pl.DataFrame]:
    """Yield one line for each text: its id and its vector."""
    ids = corpus.frame["id"]
    for start in range(0, len(matrix), _ROWS):
        part = np.asarray(matrix[start : start + _ROWS])
        yield pl.DataFrame(
            {
                "id": ids[start : start + len(part)],
                **{f"f{i}": part[:, i] for i in range(part.shape[1])},
            }
        )


def cell(value: Any) -> str | None:
    """A label as it is, anything else as JSON."""
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, max(len(rows), 1), _ROWS):
        yield rows[start : start + _ROWS]
