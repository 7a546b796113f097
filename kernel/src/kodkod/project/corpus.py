"""The corpus in memory: texts by row, rows by id, and the masks that filters give."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import polars as pl
from msgspec.structs import replace
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, NotFoundError, Split
from kodkod.project.conditions import condition_expression
from kodkod.project.importing import CONTEXT
from kodkod.project.maps import PointMap
from kodkod.project.query import Condition, Filter
from kodkod.project.regions import Region
from kodkod.store.drawn_samples import DrawnSample

__all__ = ["LiveCorpus"]

_MASKS = 64


class LiveCorpus:
    """A corpus whose rows are numbered by their place. Immutable: adding rows makes a new one."""

    def __init__(self, frame: pl.DataFrame, context_columns: Sequence[str]) -> None:
        self.frame = frame.rechunk()
        self.context_columns = tuple(context_columns)
        self.splits: NDArray[np.uint8] = self.frame["split"].to_numpy()
        self._ids = self.frame["id"]
        self._texts = self.frame["text"]
        self._context = self.frame.select(
            pl.col(CONTEXT + name).alias(name) for name in self.context_columns
        )
        hashes = self._ids.hash().to_numpy()
        self._by_hash = np.argsort(hashes, kind="stable")
        self._hashes = hashes[self._by_hash]
        self._masks: OrderedDict[bytes, NDArray[np.bool_]] = OrderedDict()
        self._places: dict[str, pl.Series] = {}
        self._maps: tuple[PointMap, ...] = ()
        self._samples: tuple[DrawnSample, ...] = ()

    def __len__(self) -> int:
        return self.frame.height

    def id_of(self, row: int) -> str:
        """Return the id that the user gave a row."""
        return self._ids[row]

    def text_of(self, row: int) -> str:
        """Return a row's text."""
        return self._texts[row]

    def split_of(self, row: int) -> Split:
        """Return the split that a row is in."""
        return Split.of(int(self.splits[row]))

    def context_of(self, row: int) -> dict[str, Any]:
        """Return a row's context columns."""
        return self._context.row(row, named=True) if self.context_columns else {}

    def context_column(self, name: str) -> pl.Series:
        """Return a context column, in the order of rows."""
        return self._context[name]

    def places(self, column: str) -> pl.Series:
        """Return the place of each row's string among a column's in order, null where it has none.

        `column` is one of the frame's. It takes as long as sorting the strings, once: a table is
        then sorted by numbers, whatever its filter.
        """
        found = self._places.get(column)
        if found is None:
            strings = self.frame[column].cast(pl.String)
            there = strings.drop_nulls().unique().sort()
            place = pl.Series(np.arange(len(there), dtype=np.uint32))
            found = strings.replace_strict(there, place, default=None, return_dtype=pl.UInt32)
            self._places[column] = found
        return found

    def row_of(self, id_: str) -> int:
        """Return the row with this id.

        Raises:
            NotFoundError: there is none.
        """
        return self.rows_of([id_])[0]

    def rows_of(self, ids: Sequence[str]) -> list[int]:
        """Return the rows with these ids, in their order.

        Raises:
            NotFoundError: one of them is not there.
        """
        wanted = pl.Series(ids, dtype=pl.String).hash().to_numpy()
        places = np.searchsorted(self._hashes, wanted)
        return [
            self._row_at(int(place), hash_, id_)
            for place, hash_, id_ in zip(places, wanted, ids, strict=True)
        ]

    def _row_at(self, place: int, wanted: np.uint64, id_: str) -> int:
        while place < len(self) and self._hashes[place] == wanted:
            row = int(self._by_hash[place])
            if self._ids[row] == id_:
                return row
            place += 1
        raise NotFoundError(f"The project has no text with the id {id_!r}.")

    def take_maps(self, maps: Sequence[PointMap]) -> None:
        """Take the maps that filters may name regions of."""
        self._maps = tuple(maps)

    def take_samples(self, samples: Sequence[DrawnSample]) -> None:
        """Take the drawn samples that filters may name."""
        self._samples = tuple(samples)

    def sample(self, key: str) -> DrawnSample | None:
        """Return the drawn sample of this id or name, if there is one."""
        return next((each for each in self._samples if key in {each.id, each.name}), None)

    def drawn_order(self, key: str) -> NDArray[np.int64]:
        """Return the rows of the drawn sample of this id or name, as they were drawn.

        Raises:
            InvalidInputError: there is no such sample.
        """
        return np.array(self._sample(key).rows, dtype=np.int64)

    def picked_order(self, rows: Sequence[int]) -> NDArray[np.int64]:
        """Return rows that were picked, each once, where it is named first.

        Raises:
            InvalidInputError: the corpus has no such row.
        """
        found = np.array(list(dict.fromkeys(rows)), dtype=np.int64)
        if len(found) and found.max() >= len(self):
            raise InvalidInputError(
                f"There is no text number {found.max()}; they go from 0 to {len(self) - 1}.",
                field="filter.rows",
            )
        return found

    def resolved(self, filter_: Filter) -> Filter:
        """Return a filter whose projection and sample go by id: others may get their names.

        Raises:
            InvalidInputError: there is no such projection or sample.
        """
        if filter_.drawn_sample is not None:
            filter_ = replace(filter_, drawn_sample=self._sample(filter_.drawn_sample).id)
        if filter_.region is None:
            return filter_
        region = replace(filter_.region, projection=self._map(filter_.region).id)
        return replace(filter_, region=region)

    def _map(self, region: Region) -> PointMap:
        for each in self._maps:
            if region.projection in {each.id, each.name}:
                return each
        raise InvalidInputError(
            f"There is no projection {region.projection!r}; there are "
            f"{', '.join(each.name for each in self._maps) or 'none'}.",
            field="filter.region",
        )

    def _sample(self, key: str) -> DrawnSample:
        found = self.sample(key)
        if found is None:
            raise InvalidInputError(
                f"There is no drawn sample {key!r}; there are "
                f"{', '.join(each.name for each in self._samples) or 'none'}.",
                field="filter.drawn_sample",
            )
        return found

    def mask(self, filter_: Filter, split: str) -> NDArray[np.bool_]:
        """Return which rows pass a filter and are in a split (or `all`). Takes milliseconds.

        Raises:
            InvalidInputError: the regular expression, a condition or the region cannot be used.
        """
        filter_ = self.resolved(filter_)
        seen = self._map(filter_.region).key if filter_.region else ""
        key = _mask_key(filter_, split, seen)
        found = self._masks.get(key)
        if found is None:
            found = self._work_out(filter_, split)
            self._masks[key] = found
            while len(self._masks) > _MASKS:
                self._masks.popitem(last=False)
        return found

    def _work_out(self, filter_: Filter, split: str) -> NDArray[np.bool_]:
        if split == "all":
            inside = np.ones(len(self), dtype=np.bool_)
        else:
            inside = self.splits == Split(split).code
        if filter_.region is not None:
            inside &= self._map(filter_.region).within(filter_.region, len(self))
        if filter_.drawn_sample is not None:
            drawn = np.zeros(len(self), dtype=np.bool_)
            drawn[self._sample(filter_.drawn_sample).rows] = True
            inside &= drawn
        if filter_.rows is not None:
            picked = np.zeros(len(self), dtype=np.bool_)
            picked[self.picked_order(filter_.rows)] = True
            inside &= picked
        conditions = [self._condition(condition) for condition in filter_.where]
        if filter_.regex:
            _check_regex(filter_.regex)
            conditions.append(pl.col("text").str.contains(filter_.regex, strict=True))
        if not conditions:
            return inside
        try:
            # The streaming engine reads the texts with all cores, the other with one.
            lazy = self.frame.lazy().select(pl.all_horizontal(conditions).fill_null(value=False))
            passed = lazy.collect(engine="streaming")
        except pl.exceptions.PolarsError as error:
            reason = str(error).strip().splitlines()[0]
            raise InvalidInputError(
                f"The filter cannot be used: {reason}", field="filter"
            ) from error
        return inside & passed.to_series().to_numpy()

    def _condition(self, condition: Condition) -> pl.Expr:
        if condition.column not in self.context_columns:
            raise InvalidInputError(
                f"There is no context column {condition.column!r}; there are "
                f"{', '.join(self.context_columns) or 'none'}.",
                field="filter.where",
            )
        name = CONTEXT + condition.column
        return condition_expression(condition, pl.col(name), self.frame.schema[name])


def _check_regex(regex: str) -> None:
    try:
        pl.Series([""]).str.contains(regex)
    except pl.exceptions.PolarsError as error:
        lines = str(error).splitlines()
        reasons = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
        raise InvalidInputError(
            f"The regular expression {regex[:100]!r} cannot be used: {(reasons or lines)[0]}. "
            "Its syntax is Rust's, which has neither look-around nor back-references.",
            field="filter.regex",
        ) from error


def _mask_key(filter_: Filter, split: str, seen: str) -> bytes:
    return msgspec.json.encode((filter_, split, seen))
