"""Annotating: the next texts, what is said of them, skip, undo, the table and the log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

import numpy as np
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError, InvalidValueError
from kodkod.project.query import Filter, NextQuery, Sample, SampleKind, SplitName
from kodkod.project.samples import row_test, rows_said_of
from kodkod.project.scheme import LiveScheme
from kodkod.store.log import NewEntry, read_entries
from kodkod.web.access import Requires
from kodkod.web.annotating_contract import (
    Element,
    LogEntry,
    NewAnnotation,
    NewAnnotations,
    NextTexts,
    Saved,
    Skip,
    Undone,
)
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.offering import offer, understand
from kodkod.web.paging import next_cursor, parse_cursor
from kodkod.web.undoing import undo_last
from kodkod.web.views import element, log_entry

__all__ = ["routes"]

_PATH = "/projects/{slug:str}/schemes/{scheme:str}"


@post(
    f"{_PATH}/next",
    operation_id="next_texts",
    requires=Requires.PROJECT_ANNOTATOR,
    status_code=200,
)
async def next_texts(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[NextQuery],
    services: Services,
    identity: Identity,
) -> NextTexts:
    """Reserve the next texts: sample, filter, order, lease."""
    wanted = await understand(services, project, scheme, data, identity)
    return await offer(services, wanted, identity)


@post(
    f"{_PATH}/annotations",
    operation_id="annotate",
    requires=Requires.PROJECT_ANNOTATOR,
    status_code=201,
)
async def annotate(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[NewAnnotations],
    services: Services,
    identity: Identity,
) -> Saved:
    """Store annotations; they are on disk when this answers. The next texts come with it."""
    wanted = data.next and await understand(services, project, scheme, data.next, identity)
    there = (await services.residency.get(project)).scheme(scheme)
    rows = _rows_meant(there, data.annotations)
    entries = [
        _entry(there, index, each, row, identity)
        for index, (each, row) in enumerate(zip(data.annotations, rows, strict=True))
    ]
    seq = await services.log.append(entries)
    for each, entry in zip(data.annotations, entries, strict=True):
        row = entry.row
        if row is None:
            continue
        if entry.value is None:
            there.board.pass_over(row, identity.user_id)
        there.board.take(each.lease, row, identity.user_id)
        there.board.refresh(row, [identity.user_id])
    return Saved(seq=seq, next=wanted and await offer(services, wanted, identity))


def _rows_meant(scheme: LiveScheme, given: Sequence[NewAnnotation]) -> list[int]:
    """Find the rows: by the lease where there is one, which needs no search, else by id."""
    leases = scheme.board.leases
    known: dict[str, int] = {}
    for each in given:
        lease = leases.get(each.lease) if each.lease else None
        if lease is not None and scheme.corpus.id_of(lease.row) == each.id:
            known[each.id] = lease.row
    unknown = [each.id for each in given if each.id not in known]
    if unknown:
        known.update(zip(unknown, scheme.corpus.rows_of(unknown), strict=True))
    return [known[each.id] for each in given]


def _entry(
    scheme: LiveScheme, index: int, given: NewAnnotation, row: int, identity: Identity
) -> NewEntry:
    try:
        raw = scheme.coder.code(given.value, scheme.corpus.text_of(row))
    except InvalidValueError as error:
        raise InvalidValueError(
            f"annotations[{index}], text {given.id!r}: {error.message}",
            field=f"annotations[{index}]",
        ) from error
    lease = scheme.board.leases.get(given.lease) if given.lease else None
    if lease is not None and (lease.row != row or lease.user_id != identity.user_id):
        lease = None
    return NewEntry(
        project_id=scheme.row.project_id,
        scheme_id=scheme.row.id,
        op="set",
        row=row,
        user_id=identity.user_id,
        value=raw,
        strategy=lease.strategy if lease else None,
        selection_probability=lease.probability if lease else None,
        model_version=lease.model_version if lease else None,
        comment=given.comment,
        seconds=given.seconds,
    )


@post(f"{_PATH}/skip", operation_id="skip", requires=Requires.PROJECT_ANNOTATOR, status_code=204)
async def skip(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[Skip],
    services: Services,
    identity: Identity,
) -> None:
    """Give texts back; leases that have lapsed meanwhile are no error."""
    there = (await services.residency.get(project)).scheme(scheme)
    for lease in data.leases:
        there.board.skip(lease, identity.user_id)


@post(f"{_PATH}/undo", operation_id="undo", requires=Requires.PROJECT_ANNOTATOR, status_code=200)
async def undo(
    project: Project, scheme: FromPath[str], services: Services, identity: Identity
) -> Undone:
    """Take back the user's newest action in the scheme; call again to go further back."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.labelling[there.row.id]:
        return await undo_last(services, project, there, identity)


@get(f"{_PATH}/annotations", operation_id="read_log", requires=Requires.PROJECT_READER)
async def read_log(
    project: Project,
    scheme: FromPath[str],
    services: Services,
    cursor: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=5000)] = 500,
) -> Page[LogEntry]:
    """Read the log in order."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.read() as connection:
        entries = await read_entries(
            connection, there.row.id, after=parse_cursor(cursor), limit=limit
        )
    await services.names.know(entry.user_id for entry in entries)
    items = [log_entry(there, entry, services.names) for entry in entries]
    return Page(items=items, cursor=next_cursor([entry.seq for entry in entries], limit))


@get(f"{_PATH}/elements", operation_id="list_elements", requires=Requires.PROJECT_READER)
async def elements(  # the parameters are the query string
    project: Project,
    scheme: FromPath[str],
    services: Services,
    identity: Identity,
    sample: FromQuery[SampleKind] = "all",
    by: FromQuery[str | None] = None,
    label: FromQuery[list[str] | None] = None,
    regex: Annotated[str | None, QueryParameter(max_length=1000)] = None,
    split: FromQuery[SplitName] = "all",
    cursor: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
) -> Page[Element]:
    """List texts in the order of their rows, without reserving them."""
    there = (await services.residency.get(project)).scheme(scheme)
    await services.names.refresh()
    wanted = Sample(
        kind=sample,
        by=by,
        labels=tuple(label or ()),
        label=(label or [None])[0],
    )
    first = parse_cursor(cursor)
    rows = await asyncio.to_thread(
        _rows, there, wanted, Filter(regex=regex), split, identity.user_id, services, first, limit
    )
    items = [element(there, row, services.names) for row in rows]
    return Page(items=items, cursor=next_cursor([row + 1 for row in rows], limit))


def _rows(
    scheme: LiveScheme,
    sample: Sample,
    filter_: Filter,
    split: str,
    user_id: int,
    services: Services,
    first: int,
    limit: int,
) -> list[int]:
    if first > len(scheme.corpus):
        raise InvalidInputError("The cursor is past the end of the corpus.", field="cursor")
    mask = scheme.corpus.mask(filter_, split)
    holds = row_test(sample, scheme.fold, user_id, services.names.ids(), scheme.believed)
    candidates = rows_said_of(sample, scheme.fold, len(scheme.corpus))
    candidates = candidates[np.searchsorted(candidates, first) :]
    found: list[int] = []
    for row in candidates[mask[candidates]].tolist():
        if holds(row):
            found.append(row)
            if len(found) == limit:
                break
    return found


routes: list[ControllerRouterHandler] = [next_texts, annotate, skip, undo, read_log, elements]
