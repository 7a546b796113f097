"""The table of a corpus: filtered and sorted, any part of it, reserving nothing."""

from __future__ import annotations

import asyncio
import math

import numpy as np
import polars as pl
from litestar import post
from litestar.params import FromPath, JSONBody
from litestar.response import Response
from litestar.types import ControllerRouterHandler
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from kodkod.project.scheme import LiveScheme
from kodkod.project.sight import Sight
from kodkod.project.similarity import Likeness
from kodkod.project.table import TableQuestion, table_key, table_order
from kodkod.store.people import Identity as Person
from kodkod.store.projects import Project as ProjectRow
from kodkod.web.access import Requires
from kodkod.web.annotating_contract import Element
from kodkod.web.arrow import ARROW, arrow_stream, as_arrow
from kodkod.web.comparing import likeness_of
from kodkod.web.given import Identity, Project, Services
from kodkod.web.known_filters import check_filter
from kodkod.web.names import Names
from kodkod.web.seeing import as_seen, sight_of
from kodkod.web.services import Services as Served
from kodkod.web.table_contract import TableQuery, TableView
from kodkod.web.time_travel import as_of
from kodkod.web.views import element

__all__ = ["routes"]


@post(
    "/projects/{slug:str}/schemes/{scheme:str}/table",
    operation_id="browse_table",
    requires=Requires.PROJECT_READER,
    reads=True,
    status_code=200,
    tags=["annotating"],
)
async def browse_table(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[TableQuery],
    services: Services,
    identity: Identity,
) -> TableView:
    """Show part of the table of texts, by sample, filter and order. It changes nothing."""
    found = await _ordered(services, project, scheme, data, identity)
    rows = found.order[data.offset : data.offset + data.limit]
    shown = await asyncio.to_thread(_elements, found, rows, services.names, identity.username)
    return TableView(total=len(found.order), elements=shown)


@post(
    "/projects/{slug:str}/schemes/{scheme:str}/table/rows",
    operation_id="browse_rows",
    requires=Requires.PROJECT_READER,
    reads=True,
    status_code=200,
    media_type=ARROW,
    tags=["annotating"],
)
async def browse_rows(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[TableQuery],
    services: Services,
    identity: Identity,
) -> Response[bytes]:
    """Download which rows a table has, all of them in its order, as an Arrow IPC stream: `row`.

    It shows on a map what a filter lets through. With `similar` there is the `similarity` of each
    as well, null where it has no vector. `offset` and `limit` are not heeded.
    """
    found = await _ordered(services, project, scheme, data, identity)
    return arrow_stream(await asyncio.to_thread(_rows_file, found))


class _Found(Struct, frozen=True):
    """A table's rows in order, of the scheme as it is asked for, and what may be seen of them."""

    scheme: LiveScheme
    order: NDArray[np.int64]
    sight: Sight
    likeness: Likeness | None


async def _ordered(
    services: Served, project: ProjectRow, scheme: str, data: TableQuery, identity: Person
) -> _Found:
    there = (await services.residency.get(project)).scheme(scheme)
    await services.names.refresh()
    sight = await sight_of(services, project, there, identity)
    await check_filter(services, project, data.filter)
    similar, likeness = data.similar, None
    if similar is not None:
        similar, likeness = await likeness_of(services, project, there, similar)
    seen = await as_of(services, there, data.as_of)
    question = TableQuestion(
        sample=data.sample,
        filter=data.filter,
        split=data.split,
        sort=data.sort,
        similar=similar,
    )
    key = table_key(seen, question, sight, likeness)
    users = services.names.ids()
    order = await seen.tables.order(
        key, lambda: table_order(seen, question, sight, users, likeness)
    )
    return _Found(seen, order, sight, likeness)


def _elements(found: _Found, rows: NDArray[np.int64], names: Names, reader: str) -> list[Element]:
    shown = [
        as_seen(element(found.scheme, row, names), found.sight, [], reader) for row in rows.tolist()
    ]
    if found.likeness is None:
        return shown
    alike = found.likeness.of(rows).tolist()
    return [
        replace(each, similarity=None if math.isnan(value) else value)
        for each, value in zip(shown, alike, strict=True)
    ]


def _rows_file(found: _Found) -> bytes:
    columns = [pl.Series("row", found.order.astype(np.uint32))]
    if found.likeness is not None:
        columns.append(pl.Series("similarity", found.likeness.of(found.order)).fill_nan(None))
    return as_arrow(pl.DataFrame(columns))


routes: list[ControllerRouterHandler] = [browse_table, browse_rows]
