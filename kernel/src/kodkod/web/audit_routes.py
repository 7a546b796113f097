"""Who did what: the audit log, for those who answer for a project or an installation."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError
from kodkod.store.audit import AuditRow, list_audit
from kodkod.web.access import Requires
from kodkod.web.audit_contract import AuditEntry
from kodkod.web.contract import Page
from kodkod.web.given import Project, Services
from kodkod.web.paging import Cursor, Limit, next_cursor, parse_cursor

__all__ = ["routes"]

Of = Annotated[str | None, QueryParameter(description="Only what this user did.")]
Operation = Annotated[str | None, QueryParameter(description="Only this operation's id.")]
Since = Annotated[datetime | None, QueryParameter(description="From this time on.")]
Until = Annotated[datetime | None, QueryParameter(description="Before this time.")]
Format = Literal["jsonl", "csv"]
_FILE = "application/octet-stream"
_PAGE = 1_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are asked for."""

    user_id: int | None
    operation: str | None
    since: datetime | None
    until: datetime | None
    project_id: int | None = None


async def wanted_of(
    services: Services,
    user: Of = None,
    operation: Operation = None,
    since: Since = None,
    until: Until = None,
) -> Wanted:
    """Read what the query string asks for."""
    user_id = None
    if user is not None:
        await services.names.refresh()
        user_id = services.names.ids().get(user)
        if user_id is None:
            raise InvalidInputError(f"There is no user {user!r}.", field="user")
    for name, time in (("since", since), ("until", until)):
        if time is not None and time.tzinfo is None:
            raise InvalidInputError(
                f"{name} has no time zone; write it as 2026-01-31T12:00:00Z.", field=name
            )
    return Wanted(user_id=user_id, operation=operation, since=since, until=until)


_ASKED = {"wanted": Provide(wanted_of)}
Asked = NamedDependency[Wanted]


@get(
    "/projects/{slug:str}/audit",
    operation_id="list_project_audit",
    tags=["audit"],
    requires=Requires.PROJECT_MANAGER,
    dependencies=_ASKED,
)
async def of_project(
    project: Project,
    services: Services,
    wanted: Asked,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[AuditEntry]:
    """List what was done in a project, the newest first. The annotation log has annotations."""
    return await _page(services, _within(wanted, project), cursor, limit)


@get(
    "/audit",
    operation_id="list_audit",
    tags=["audit"],
    requires=Requires.ROOT,
    dependencies=_ASKED,
)
async def of_all(
    services: Services, wanted: Asked, cursor: Cursor = None, limit: Limit = 100
) -> Page[AuditEntry]:
    """List what was done in the installation, the newest first."""
    return await _page(services, wanted, cursor, limit)


@get(
    "/projects/{slug:str}/audit/export",
    operation_id="export_project_audit",
    tags=["audit"],
    requires=Requires.PROJECT_MANAGER,
    dependencies=_ASKED,
    media_type=_FILE,
)
async def export_of_project(
    project: Project,
    services: Services,
    wanted: Asked,
    format: FromQuery[Format] = "jsonl",  # noqa: A002 - the contract's name
) -> Stream:
    """Return a project's audit log as a file, the newest entry first."""
    return _file(services, _within(wanted, project), format)


@get(
    "/audit/export",
    operation_id="export_audit",
    tags=["audit"],
    requires=Requires.ROOT,
    dependencies=_ASKED,
    media_type=_FILE,
)
async def export_of_all(
    services: Services,
    wanted: Asked,
    format: FromQuery[Format] = "jsonl",  # noqa: A002 - the contract's name
) -> Stream:
    """Return the audit log as a file, the newest entry first."""
    return _file(services, wanted, format)


def _within(wanted: Wanted, project: Project) -> Wanted:
    return msgspec.structs.replace(wanted, project_id=project.id)


async def _page(
    services: Services, wanted: Wanted, cursor: str | None, limit: int
) -> Page[AuditEntry]:
    before = None if cursor is None else parse_cursor(cursor)
    rows = await _read(services, wanted, before, limit)
    items = [_shown(services, row) for row in rows]
    return Page(items=items, cursor=next_cursor([row.seq for row in rows], limit))


async def _read(
    services: Services, wanted: Wanted, before: int | None, limit: int
) -> list[AuditRow]:
    async with services.database.read() as connection:
        rows = await list_audit(
            connection, **msgspec.structs.asdict(wanted), before=before, limit=limit
        )
    await services.names.know(row.user_id for row in rows if row.user_id is not None)
    return rows


def _shown(services: Services, row: AuditRow) -> AuditEntry:
    return AuditEntry(
        seq=row.seq,
        at=row.at,
        user=None if row.user_id is None else services.names[row.user_id],
        token=row.token_id,
        address=row.address,
        operation=row.operation,
        project=row.project_slug,
        target=dict(row.target),
        sent=row.sent,
        status=row.status,
        merged=row.merged,
        request_id=row.request_id,
    )


def _file(services: Services, wanted: Wanted, format_: Format) -> Stream:
    return Stream(
        _lines(services, wanted, format_),
        media_type=_FILE,
        headers={"content-disposition": f'attachment; filename="audit.{format_}"'},
    )


async def _lines(services: Services, wanted: Wanted, format_: Format) -> AsyncIterator[bytes]:
    if format_ == "csv":
        yield _csv_line(list(AuditEntry.__struct_fields__))
    before: int | None = None
    while rows := await _read(services, wanted, before, _PAGE):
        for row in rows:
            entry = _shown(services, row)
            yield _csv_of(entry) if format_ == "csv" else msgspec.json.encode(entry) + b"\n"
        before = rows[-1].seq


def _csv_of(entry: AuditEntry) -> bytes:
    values = msgspec.to_builtins(entry)
    return _csv_line([_cell(values[name]) for name in AuditEntry.__struct_fields__])


def _cell(value: object) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    # A spreadsheet would run it (OWASP, CSV injection).
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv_line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


routes: list[ControllerRouterHandler] = [
    of_project,
    of_all,
    export_of_project,
    export_of_all,
]
