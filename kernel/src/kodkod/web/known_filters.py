"""Filters name maps and samples; what is hidden from whoever asks must not be told by them."""

from __future__ import annotations

from collections.abc import Sequence

from kodkod.api import InvalidInputError
from kodkod.project.query import Filter
from kodkod.store.drawn_samples import DrawnSample
from kodkod.store.projections import ProjectionRow
from kodkod.store.projects import Project
from kodkod.web.reach import maps_of, samples_of
from kodkod.web.services import Services

__all__ = ["check_filter"]


async def check_filter(services: Services, project: Project, filter_: Filter) -> None:
    """See that a filter names no map and no sample that is hidden from whoever asks.

    Raises:
        InvalidInputError: it does; the message is that of one that never was.
    """
    if not project.hidden:
        return
    async with services.database.read() as connection:
        samples, maps = await samples_of(connection, project), await maps_of(connection, project)
    if filter_.drawn_sample is not None:
        _check_known(samples, filter_.drawn_sample, "drawn sample", "filter.drawn_sample")
    if filter_.region is not None:
        _check_known(maps, filter_.region.projection, "projection", "filter.region")


def _check_known(
    rows: Sequence[DrawnSample | ProjectionRow], key: str, what: str, field: str
) -> None:
    known = {row.id: row.name for row in rows}
    if key not in known and key not in known.values():
        raise InvalidInputError(
            f"There is no {what} {key!r}; there are {', '.join(known.values()) or 'none'}.",
            field=field,
        )
