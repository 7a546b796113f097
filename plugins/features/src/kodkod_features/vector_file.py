"""A file of vectors, mapped: `.npy`, or Parquet brought into that form once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, JobContext

__all__ = ["open_npy", "open_parquet", "read_ids"]

_AT_ONCE = 16_384
_NUMBERS = "fiub"


def open_npy(path: Path) -> NDArray[Any]:
    """Map a `.npy` file of `[n, dim]` numbers.

    Raises:
        InvalidInputError: it is damaged, holds something else than numbers, or is no table.
    """
    try:
        matrix: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InvalidInputError(
            f"{path.name} cannot be read as .npy ({error}); write it by numpy.save.", field="file"
        ) from error
    if matrix.dtype.kind not in _NUMBERS:
        raise InvalidInputError(
            f"{path.name} holds {matrix.dtype}, and no numbers; save it as float32.", field="file"
        )
    if matrix.ndim != 2 or not matrix.shape[1]:
        raise InvalidInputError(
            f"{path.name} is of the shape {matrix.shape}; it must have a line for each text and a "
            "column for each dimension.",
            field="file",
        )
    return matrix


def open_parquet(
    path: Path, id_column: str, columns: Sequence[str], ctx: JobContext
) -> NDArray[np.float32]:
    """Read the vectors of a Parquet file, a part at a time, into a file that is mapped.

    They are in one column of lists, or in a column of numbers for each dimension; without
    `columns`, all but the ids'.

    Raises:
        InvalidInputError: it is damaged, a column is missing or holds no numbers, or lists are
            not equally long.
    """
    try:
        with pq.ParquetFile(path) as file:
            names = list(columns) or [each for each in file.schema_arrow.names if each != id_column]
            _check_columns(path, file.schema_arrow, names)
            n, matrix = file.metadata.num_rows, None
            done = 0
            for part in file.iter_batches(_AT_ONCE, columns=names, use_threads=False):
                ctx.progress(done / max(n, 1), f"reading {path.name}")
                vectors = _vectors(path, part.select(names), done)
                if matrix is None:
                    shape = (n, vectors.shape[1])
                    matrix = np.lib.format.open_memmap(
                        ctx.folder / "imported.npy", mode="w+", dtype=np.float32, shape=shape
                    )
                if vectors.shape[1] != matrix.shape[1]:
                    raise _uneven(path, done, vectors.shape[1], matrix.shape[1])
                matrix[done : done + len(vectors)] = vectors
                done += len(vectors)
    except (pa.ArrowException, OSError) as error:
        raise InvalidInputError(
            f"{path.name} cannot be read as Parquet ({error}).", field="file"
        ) from error
    if matrix is None:
        raise InvalidInputError(f"{path.name} has no rows.", field="file")
    return matrix


def read_ids(path: Path, column: str) -> list[str]:
    """Return the ids in a column of a Parquet or CSV file, each there once.

    Raises:
        InvalidInputError: the column is missing, or an id is missing or there twice; names the
            row, the first of which is 1.
    """
    try:
        if path.suffix.lower() == ".parquet":
            frame = pl.read_parquet(path, columns=[column])
        else:
            frame = pl.read_csv(path, columns=[column], infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InvalidInputError(
            f"{path.name} has no column {column!r} of ids that can be read ({reason}); name the "
            "right one in id_column.",
            field="id_column",
        ) from error
    ids: list[str | None] = frame[column].cast(pl.String).to_list()
    seen: dict[str, int] = {}
    for row, id_ in enumerate(ids, 1):
        if id_ is None or not id_:
            raise InvalidInputError(f"Row {row} of {path.name} has no id.", field="file")
        if id_ in seen:
            raise InvalidInputError(
                f"The id {id_!r} is in rows {seen[id_]} and {row} of {path.name}; each may be "
                "there once.",
                field="file",
            )
        seen[id_] = row
    return list(seen)


def _check_columns(path: Path, schema: pa.Schema, names: Sequence[str]) -> None:
    if missing := [name for name in names if name not in schema.names]:
        raise InvalidInputError(
            f"{path.name} has no column {missing[0]!r}; it has {', '.join(schema.names)}.",
            field="columns",
        )
    if not names:
        raise InvalidInputError(f"{path.name} has no column but that of the ids.", field="file")
    for name in names:
        if not _holds_numbers(schema.field(name).type, alone=len(names) == 1):
            raise InvalidInputError(
                f"The column {name!r} of {path.name} holds {schema.field(name).type}, and no "
                "numbers; name those that do in columns.",
                field="columns",
            )


def _holds_numbers(type_: pa.DataType, *, alone: bool) -> bool:
    lists = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    if alone and any(each(type_) for each in lists):
        return _holds_numbers(type_.value_type, alone=False)
    return any(
        each(type_) for each in (pa.types.is_floating, pa.types.is_integer, pa.types.is_boolean)
    )


def _vectors(path: Path, part: pa.RecordBatch, first: int) -> NDArray[np.float32]:
    """Return the vectors of a part whose first row is `first`; nulls are NaN."""
    columns: list[pa.Array[Any]] = [part.column(i) for i in range(part.num_columns)]
    if len(columns) > 1 or not hasattr(columns[0], "flatten") or not _is_list(columns[0]):
        with np.errstate(over="ignore"):
            return np.column_stack(
                [
                    column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float32)
                    for column in columns
                ]
            )
    lists: Any = columns[0]
    if lists.null_count:
        row = first + 1 + int(np.flatnonzero(lists.is_null().to_numpy(zero_copy_only=False))[0])
        raise InvalidInputError(f"Row {row} of {path.name} has no vector.", field="file")
    lengths = np.array([len(each) for each in lists])
    if uneven := np.flatnonzero(lengths != lengths[0]).tolist():
        raise _uneven(path, first + uneven[0], int(lengths[uneven[0]]), int(lengths[0]))
    flat = lists.flatten().cast(pa.float64()).to_numpy(zero_copy_only=False)
    with np.errstate(over="ignore"):
        return flat.astype(np.float32).reshape(len(lists), -1)


def _is_list(array: Any) -> bool:
    return _holds_numbers(array.type, alone=True) and not _holds_numbers(array.type, alone=False)


def _uneven(path: Path, row: int, has: int, others: int) -> InvalidInputError:
    return InvalidInputError(
        f"Row {row + 1} of {path.name} has {has} numbers and those before it {others}; each text "
        "needs as many.",
        field="file",
    )
