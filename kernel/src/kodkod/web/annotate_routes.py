"""Annotating: the next texts, what is said of them, skip, undo, redo, the table and the log."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated

import numpy as np
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError
from kodkod.project.query import Filter, NextQuery, Sample, SampleKind, SplitName
from kodkod.project.samples import row_test, rows_said_of
from kodkod.project.scheme import LiveScheme
from kodkod.project.sight import Sight
from kodkod.store.log import NewEntry, read_entries
from kodkod.web.access import Requires
from kodkod.web.annotating_contract import (
    Element,
    Feedback,
    LogEntry,
    NewAnnotation,
    NewAnnotations,
    NextTexts,
    Redone,
    Saved,
    Skip,
    Undone,
)
from kodkod.web.coded import coded
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.offering import offer, understand
from kodkod.web.paging import next_cursor, parse_cursor
from kodkod.web.seeing import as_logged, as_seen, sees_entry, sight_of
from kodkod.web.time_travel import AsOf, as_of
from kodkod.web.undoing import redo_last, undo_last
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
    had_tasks = there.book.left(identity.user_id)
    seq = await services.log.append(entries)
    if had_tasks and not there.book.left(identity.user_id):
        done = {"scheme_id": there.row.id, "user": identity.username}
        await services.announce("task.done", project, done)
    for each, entry in zip(data.annotations, entries, strict=True):
        row = entry.row
        if row is None:
            continue
        if entry.value is None:
            there.board.pass_over(row, identity.user_id)
        there.board.take(each.lease, row, identity.user_id)
        there.board.refresh(row, [identity.user_id])
    return Saved(
        seq=seq,
        next=wanted and await offer(services, wanted, identity),
        feedback=_feedback(there, data.annotations, entries),
    )


def _feedback(
    scheme: LiveScheme, given: Sequence[NewAnnotation], entries: Sequence[NewEntry]
) -> list[Feedback]:
    gold = scheme.gold
    found: list[Feedback] = []
    for each, entry in zip(given, entries, strict=True):
        row = entry.row
        if row is None or entry.value is None or not gold.tells(row):
            continue
        right = gold.right(row)
        if right is not None:
            correct = scheme.coder.read(entry.value) == right
            note = gold.texts[row].note
            found.append(Feedback(id=each.id, correct=correct, right=right, note=note))
    return found


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
    raw = coded(scheme, given.value, row, f"annotations[{index}]", given.id)
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
        flagged=given.flagged,
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


@post(f"{_PATH}/redo", operation_id="redo", requires=Requires.PROJECT_ANNOTATOR, status_code=200)
async def redo(
    project: Project, scheme: FromPath[str], services: Services, identity: Identity
) -> Redone:
    """Say again what the user took back last; possible until they annotate something else."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.labelling[there.row.id]:
        return await redo_last(services, there, identity)


@get(f"{_PATH}/annotations", operation_id="read_log", requires=Requires.PROJECT_READER)
async def read_log(
    project: Project,
    scheme: FromPath[str],
    services: Services,
    identity: Identity,
    cursor: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=5000)] = 500,
) -> Page[LogEntry]:
    """Read the log in order, without what is hidden from whoever codes blind."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.read() as connection:
        entries = await read_entries(
            connection, there.row.id, after=parse_cursor(cursor), limit=limit
        )
    await services.names.know(entry.user_id for entry in entries)
    sight = await sight_of(services, project, there, identity)
    seen = [entry for entry in entries if sees_entry(sight, entry)]
    items = [as_logged(log_entry(there, entry, services.names), sight) for entry in seen]
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
    moment: AsOf = None,
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
    sight = await sight_of(services, project, there, identity)
    seen = await as_of(services, there, moment)
    rows = await asyncio.to_thread(
        _rows, seen, wanted, Filter(regex=regex), split, sight, services, first, limit
    )
    shown = [element(seen, row, services.names) for row in rows]
    items = [as_seen(each, sight, [], identity.username) for each in shown]
    return Page(items=items, cursor=next_cursor([row + 1 for row in rows], limit))


def _rows(
    scheme: LiveScheme,
    sample: Sample,
    filter_: Filter,
    split: str,
    sight: Sight,
    services: Services,
    first: int,
    limit: int,
) -> list[int]:
    if first > len(scheme.corpus):
        raise InvalidInputError("The cursor is past the end of the corpus.", field="cursor")
    mask = scheme.corpus.mask(filter_, split)
    holds = row_test(sample, scheme, sight, services.names.ids(), scheme.believed)
    candidates = rows_said_of(sample, scheme.fold, len(scheme.corpus))
    candidates = candidates[np.searchsorted(candidates, first) :]
    found: list[int] = []
    for row in candidates[mask[candidates]].tolist():
        if holds(row):
            found.append(row)
            if len(found) == limit:
                break
    return found


routes: list[ControllerRouterHandler] = [next_texts, annotate, skip, undo, redo, read_log, elements]
