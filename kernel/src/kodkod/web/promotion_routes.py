"""Answers that count as annotations: by an explicit act, which the log has, and can take back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import msgspec
from litestar import delete, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from kodkod.api import ConflictError
from kodkod.project.fold import SchemeFold, said_by_people
from kodkod.project.labelling import chosen_rows
from kodkod.project.scheme import LiveScheme
from kodkod.store.artefacts import ModelRow
from kodkod.store.log import NewEntry
from kodkod.store.people import machine_account
from kodkod.store.replies import AnswerRow, list_answers
from kodkod.web.access import Requires
from kodkod.web.given import Identity, Project, Services
from kodkod.web.labelling_contract import NewPromotion, Promoted
from kodkod.web.labelling_routes import scheme_and_labelling

__all__ = ["routes"]

_AT_ONCE = 2_000
# Answers read at a time; meanwhile nobody else is served.
_READ = 500


class _Act(Struct, frozen=True, kw_only=True):
    """The value of a promote entry: which labelling's answers, how many, and whether they go."""

    labelling: str
    name: str
    rows: int
    withdrawn: bool = False


@post(
    "/projects/{slug:str}/labellings/{labelling:str}/promotions",
    operation_id="promote_answers",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=200,
)
async def promote(
    project: Project,
    labelling: FromPath[str],
    data: JSONBody[NewPromotion],
    services: Services,
    identity: Identity,
) -> Promoted:
    """Let answers count as annotations where people have said nothing.

    They teach models and are exported, with the source `llm`; they judge none. Texts stay open to
    annotators.
    """
    scheme, row = await scheme_and_labelling(services, project, labelling)
    wanted = await asyncio.to_thread(_rows, scheme, data)
    values = await _values(services, scheme, row, wanted, data.min_confidence)
    if not values:
        raise ConflictError(
            "None of the texts has such an answer; run the labelling on them, or ask for less "
            "confidence."
        )
    return await _write(services, project, scheme, row, identity, values)


@delete(
    "/projects/{slug:str}/labellings/{labelling:str}/promotions",
    operation_id="withdraw_promotion",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=200,
)
async def withdraw(
    project: Project, labelling: FromPath[str], services: Services, identity: Identity
) -> Promoted:
    """Let none of a labelling's answers count as annotations any more; the log keeps both acts."""
    scheme, row = await scheme_and_labelling(services, project, labelling)
    async with services.database.write() as connection:
        machine = await machine_account(connection, _account(project, row))
    there = await asyncio.to_thread(_said_by, scheme.fold, machine)
    if not there:
        raise ConflictError("None of its answers counts as an annotation.")
    values = [(at, None) for at in there]
    return await _write(services, project, scheme, row, identity, values)


async def _values(
    services: Services, scheme: LiveScheme, row: ModelRow, wanted: set[int], least: float | None
) -> list[tuple[int, str]]:
    """Return the answers, by row, that say something by the labels of now."""
    return [
        (answer.row, answer.value)
        async for page in _pages(services, row)
        for answer in page
        if answer.row in wanted
        and _is_sure(answer, least)
        and scheme.coder.read(answer.value) is not None
    ]


async def _pages(services: Services, row: ModelRow) -> AsyncIterator[list[AnswerRow]]:
    after = -1
    while True:
        async with services.database.read() as connection:
            page = await list_answers(connection, row.project_id, row.id, after=after, limit=_READ)
        if not page:
            return
        yield page
        after = page[-1].row


async def _write(
    services: Services,
    project: Project,
    scheme: LiveScheme,
    row: ModelRow,
    identity: Identity,
    values: Sequence[tuple[int, str | None]],
) -> Promoted:
    """Enter values as the machine's, after the act of the one who wants them."""
    account = _account(project, row)
    async with services.database.write() as connection:
        machine = await machine_account(connection, account)
    await services.names.know([machine])
    withdrawn = values[0][1] is None
    act = _Act(labelling=row.id, name=row.name, rows=len(values), withdrawn=withdrawn)
    first = NewEntry(
        project_id=project.id,
        scheme_id=scheme.row.id,
        op="promote",
        row=None,
        user_id=identity.user_id,
        value=msgspec.json.encode(act).decode(),
    )
    for start in range(0, len(values), _AT_ONCE):
        said = [
            NewEntry(
                project_id=project.id,
                scheme_id=scheme.row.id,
                op="set",
                row=at,
                user_id=machine,
                value=value,
                source="llm",
            )
            for at, value in values[start : start + _AT_ONCE]
        ]
        await services.log.append([*([] if start else [first]), *said])
    return Promoted(annotator=account, promoted=0 if withdrawn else len(values))


def _rows(scheme: LiveScheme, data: NewPromotion) -> set[int]:
    corpus, wish = scheme.corpus, data.rows
    annotated, _ = scheme.fold.resolved(said_by_people)
    ids = dict(zip(wish.ids, corpus.rows_of(wish.ids), strict=True))
    return set(chosen_rows(wish, corpus.splits, annotated, ids).tolist())


def _said_by(fold: SchemeFold, user_id: int) -> list[int]:
    # A copy at once: what is said meanwhile goes into the same answers.
    return [row for row, said in list(fold.answers.items()) if user_id in said]


def _is_sure(answer: AnswerRow, least: float | None) -> bool:
    return least is None or (answer.confidence is not None and answer.confidence >= least)


def _account(project: Project, row: ModelRow) -> str:
    return f"llm/{project.slug}/{row.name}"


routes: list[ControllerRouterHandler] = [promote, withdraw]
