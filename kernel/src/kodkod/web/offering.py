"""From a request for texts to the texts as clients see them, reserved for who asked."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from kodkod.project.choice import Choice
from kodkod.project.query import NextQuery, Sample
from kodkod.project.scheme import LiveScheme
from kodkod.store.people import Identity
from kodkod.store.projects import Project
from kodkod.web.annotating_contract import NextTexts
from kodkod.web.drawing import chosen, draw, put_in_order
from kodkod.web.known_filters import check_filter
from kodkod.web.seeing import as_seen, sight_of
from kodkod.web.services import Services
from kodkod.web.suggesting import Suggester, suggester_of, suggestions_of
from kodkod.web.views import element

__all__ = ["Wanted", "offer", "understand"]


class Wanted(Struct, frozen=True, kw_only=True):
    """A request that can be meant: its strategy is chosen, the schemes it names are there."""

    query: NextQuery
    scheme: LiveScheme
    choice: Choice
    others: list[LiveScheme]
    project: Project
    suggester: Suggester | None = None
    then: NextQuery | None = None
    """What to ask where this leaves nothing: the pool, after somebody's tasks."""


async def understand(
    services: Services, project: Project, scheme: str, query: NextQuery, identity: Identity
) -> Wanted:
    """See that a request can be meant, and put texts in order; nothing is reserved yet.

    Raises:
        ConflictError: the strategy needs what is not there yet.
        InvalidInputError: the request cannot be meant, e.g. by a model that is not there.
        NotFoundError: a scheme or the strategy is not there.
        InvalidParamsError: the strategy's params are wrong.
        UnavailableError: no worker could encode the text that it asks for.
    """
    await check_filter(services, project, query.filter)
    if query.filter.drawn_sample is not None or query.filter.rows is not None:
        query = msgspec.structs.replace(query, split="all")
    live = await services.residency.get(project)
    there = live.scheme(scheme)
    query, then = _resolved(there, query, identity)
    others = [live.scheme(name) for name in dict.fromkeys(query.also) if name != scheme]
    choice = await chosen(services, project, there, query)
    if others:
        joint = [(other, await chosen(services, project, other, query)) for other in others]
        choice = msgspec.structs.replace(choice, joint=tuple(joint))
    suggester = await suggester_of(services, project, there, query)
    await put_in_order(services, project, there, query, choice, identity)
    return Wanted(
        query=query,
        scheme=there,
        choice=choice,
        others=others,
        project=project,
        suggester=suggester,
        then=then,
    )


def _resolved(
    scheme: LiveScheme, query: NextQuery, identity: Identity
) -> tuple[NextQuery, NextQuery | None]:
    """Return what somebody's queue is now, and what it is when that leaves nothing."""
    book, user_id = scheme.book, identity.user_id
    tasks = msgspec.structs.replace(query, sample=Sample(kind="assigned"), split="all")
    pool = msgspec.structs.replace(query, sample=Sample())
    if query.sample.kind == "assigned":
        return tasks, None
    if query.sample.kind != "queue":
        return query, None
    if book.only(user_id):
        return tasks, None
    if book.left(user_id) > scheme.board.held_by(user_id):
        return tasks, pool
    return pool, None


async def offer(services: Services, wanted: Wanted, identity: Identity) -> NextTexts:
    """Reserve the next texts for a user."""
    there, others = wanted.scheme, wanted.others
    drawn = await draw(
        services, wanted.project, there, wanted.query, wanted.choice, others, identity
    )
    if not drawn.leases and wanted.then is not None:
        pool = await understand(services, wanted.project, there.row.name, wanted.then, identity)
        return await offer(services, pool, identity)
    await services.names.know(
        answer.user_id
        for lease in drawn.leases
        for each in (there, *others)
        for answer in each.fold.said_of(lease.row)
    )
    elements = [
        element(there, lease.row, services.names, lease, list(zip(others, too, strict=True)))
        for lease, too in zip(drawn.leases, drawn.others, strict=True)
    ]
    if wanted.suggester is not None:
        rows = [each.row for each in elements]
        known = await suggestions_of(services, wanted.project, there, wanted.suggester, rows)
        elements = [
            msgspec.structs.replace(each, suggestion=known.get(each.row)) for each in elements
        ]
    sight, *sights = [
        await sight_of(services, wanted.project, each, identity) for each in (there, *others)
    ]
    elements = [as_seen(each, sight, sights, identity.username) for each in elements]
    return NextTexts(elements=elements, remaining=drawn.remaining)
