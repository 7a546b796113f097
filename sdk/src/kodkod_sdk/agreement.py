"""Agreement as tables, for those who have polars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import UnsetType

from kodkod_sdk.generated.contract import AgreementView, Coefficient

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Agreement"]

_COEFFICIENT = ("value", "low", "high", "undefined")


class Agreement:
    """What the server answers (`report`), and frames of it.

    Each frame has a line a coefficient: `measure`, `value`, `low`, `high` and `undefined`, which
    says why there is no value.

    Raises:
        ImportError: (the frames) polars is not installed; `report` needs nothing.
    """

    def __init__(self, report: AgreementView) -> None:
        self.report = report

    @property
    def overall(self) -> pl.DataFrame:
        """Return the coefficients of all texts."""
        return _frame((), [((), self.report.overall)])

    @property
    def by_label(self) -> pl.DataFrame:
        """Return the coefficients of each `label`."""
        lines = [((label,), found) for label, found in self.report.by_label.items()]
        return _frame(("label",), lines)

    @property
    def by_pair(self) -> pl.DataFrame:
        """Return the coefficients of each pair: `first`, `second` and the `n` texts they share."""
        lines = [((each.first, each.second, each.n), each.overall) for each in self.report.by_pair]
        return _frame(("first", "second", "n"), lines)

    @property
    def over(self) -> pl.DataFrame:
        """Return the coefficients of each stretch of time: `start`, `end`, `pairable`."""
        lines = [((each.start, each.end, each.pairable), each.overall) for each in self.report.over]
        return _frame(("start", "end", "pairable"), lines)

    def table(self, first: str, second: str) -> pl.DataFrame:
        """Return the table of a pair: lines by the label that `first` gave, columns by `second`'s.

        Raises:
            LookupError: the two share no texts, or have no such table (passages, several labels).
        """
        for each in self.report.by_pair:
            if {each.first, each.second} == {first, second} and each.table is not None:
                table = each.table if each.first == first else [*zip(*each.table, strict=True)]
                return _table(self.report.labels, table)
        raise LookupError(f"there is no table of {first} and {second}")

    @property
    def coincidences(self) -> pl.DataFrame:
        """Return how often labels meet on a text.

        Raises:
            LookupError: there is no such table, as for passages and several labels a text.
        """
        if self.report.coincidences is None:
            raise LookupError("there is no table of coincidences for such a scheme")
        return _table(self.report.labels, self.report.coincidences)


def _frame(
    keys: tuple[str, ...], lines: Sequence[tuple[tuple[Any, ...], Mapping[str, Coefficient]]]
) -> pl.DataFrame:
    import polars as pl

    names = [*keys, "measure", *_COEFFICIENT]
    rows = list(_rows(lines))
    types: dict[str, Any] = dict.fromkeys(names, None)
    types |= {"measure": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64}
    types["undefined"] = pl.String
    return pl.DataFrame(rows, schema=types, orient="row")


def _rows(
    lines: Sequence[tuple[tuple[Any, ...], Mapping[str, Coefficient]]],
) -> Iterator[tuple[Any, ...]]:
    for key, found in lines:
        for name, each in found.items():
            # An answer of a newer server may leave out what it has nothing to say of.
            ends = (None if isinstance(end, UnsetType) else end for end in (each.low, each.high))
            yield (*key, name, each.value, *ends, each.undefined)


def _table(labels: list[str], counts: Any) -> pl.DataFrame:
    import polars as pl

    columns = [list(column) for column in zip(*counts, strict=True)]
    return pl.DataFrame({"": labels, **dict(zip(labels, columns, strict=True))})
