"""History: who said what of which text when, one's own or, for managers, everybody's."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import ForbiddenError, InvalidInputError
from kodkod.project.scheme import LiveScheme
from kodkod.store.log import Entry, read_history
from kodkod.web.access import Requires
from kodkod.web.annotating_contract import HistoryEntry
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, ProjectRole, Services
from kodkod.web.paging import Cursor, next_cursor, parse_cursor
from kodkod.web.seeing import as_logged, sight_of
from kodkod.web.views import log_entry

__all__ = ["routes"]

_TEXT = 280


@get(
    "/projects/{slug:str}/schemes/{scheme:str}/history",
    operation_id="read_history",
    tags=["annotating"],
    requires=Requires.PROJECT_ANNOTATOR,
)
async def history(
    project: Project,
    project_role: ProjectRole,
    scheme: FromPath[str],
    services: Services,
    identity: Identity,
    by: FromQuery[str | None] = None,
    everybody: FromQuery[bool] = False,
    text_id: Annotated[str | None, QueryParameter(name="id")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
) -> Page[HistoryEntry]:
    """List what one has done in a scheme, newest first; of one text where an `id` is named.

    Managers may read what another did: `by` a user, or `everybody`.
    """
    there = (await services.residency.get(project)).scheme(scheme)
    await services.names.refresh()
    user_id: int | None = identity.user_id
    if everybody or by is not None:
        if project_role != "manager" and (everybody or by != identity.username):
            raise ForbiddenError("Only managers of the project read what others did; ask one.")
        user_id = None if by is None else services.names.ids().get(by)
        if by is not None and user_id is None:
            raise InvalidInputError(f"There is no user {by!r}.", field="by")
    row = None if text_id is None else there.corpus.rows_of([text_id])[0]
    async with services.database.read() as connection:
        found = await read_history(
            connection,
            there.row.id,
            user_id=user_id,
            row=row,
            before=None if cursor is None else parse_cursor(cursor),
            limit=limit,
        )
    sight = await sight_of(services, project, there, identity)
    items = [as_logged(_shown(there, services, *each), sight) for each in found]
    return Page(items=items, cursor=next_cursor([entry.seq for entry, _ in found], limit))


def _shown(
    scheme: LiveScheme, services: Services, entry: Entry, before: str | None
) -> HistoryEntry:
    known: dict[str, Any] = msgspec.structs.asdict(log_entry(scheme, entry, services.names))
    text = None if entry.row is None else scheme.corpus.text_of(entry.row)[:_TEXT]
    return HistoryEntry(**known, text=text, before=scheme.coder.read(before))


routes: list[ControllerRouterHandler] = [history]
