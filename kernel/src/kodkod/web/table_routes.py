"""The table of a corpus: filtered and sorted, any part of it, reserving nothing."""

from __future__ import annotations

import asyncio

import numpy as np
import polars as pl
from litestar import post
from litestar.params import FromPath, JSONBody
from litestar.response import Response
from litestar.types import ControllerRouterHandler
from numpy.typing import NDArray

from kodkod.project.scheme import LiveScheme
from kodkod.project.sight import Sight
from kodkod.project.table import TableQuestion, table_key, table_order
from kodkod.store.people import Identity as Person
from kodkod.store.projects import Project as ProjectRow
from kodkod.web.access import Requires
from kodkod.web.annotating_contract import Element
from kodkod.web.arrow import ARROW, arrow_stream, as_arrow
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
    seen, order, sight = await _ordered(services, project, scheme, data, identity)
    rows = order[data.offset : data.offset + data.limit].tolist()
    shown = await asyncio.to_thread(_elements, seen, rows, services.names, sight, identity.username)
    return TableView(total=len(order), elements=shown)


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

    It shows on a map what a filter lets through. `offset` and `limit` are not heeded.
    """
    _, order, _ = await _ordered(services, project, scheme, data, identity)
    frame = pl.DataFrame([pl.Series("row", order.astype(np.uint32))])
    return arrow_stream(await asyncio.to_thread(as_arrow, frame))


async def _ordered(
    services: Served, project: ProjectRow, scheme: str, data: TableQuery, identity: Person
) -> tuple[LiveScheme, NDArray[np.int64], Sight]:
    """Return the scheme as it is asked for, the table's rows in order, and what may be seen."""
    there = (await services.residency.get(project)).scheme(scheme)
    await services.names.refresh()
    sight = await sight_of(services, project, there, identity)
    await check_filter(services, project, data.filter)
    seen = await as_of(services, there, data.as_of)
    question = TableQuestion(
        sample=data.sample, filter=data.filter, split=data.split, sort=data.sort
    )
    key = table_key(seen, question, sight)
    users = services.names.ids()
    order = await seen.tables.order(key, lambda: table_order(seen, question, sight, users))
    return seen, order, sight


def _elements(
    scheme: LiveScheme, rows: list[int], names: Names, sight: Sight, reader: str
) -> list[Element]:
    return [as_seen(element(scheme, row, names), sight, [], reader) for row in rows]


routes: list[ControllerRouterHandler] = [browse_table, browse_rows]
