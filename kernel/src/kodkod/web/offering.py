"""From a request for texts to the texts as clients see them, reserved for who asked."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from kodkod.project.choice import Choice
from kodkod.project.query import NextQuery
from kodkod.project.scheme import LiveScheme
from kodkod.store.people import Identity
from kodkod.store.projects import Project
from kodkod.web.annotating_contract import NextTexts
from kodkod.web.drawing import chosen, draw, put_in_order
from kodkod.web.services import Services
from kodkod.web.suggesting import suggestions_for
from kodkod.web.views import element

__all__ = ["Wanted", "offer", "understand"]


class Wanted(Struct, frozen=True, kw_only=True):
    """A request that can be meant: its strategy is chosen, the schemes it names are there."""

    query: NextQuery
    scheme: LiveScheme
    choice: Choice
    others: list[LiveScheme]


async def understand(
    services: Services, project: Project, scheme: str, query: NextQuery, identity: Identity
) -> Wanted:
    """See that a request can be meant, and put texts in order; nothing is reserved yet.

    Raises:
        ConflictError: the strategy needs what is not there yet.
        InvalidInputError: the request cannot be meant.
        NotFoundError: a scheme or the strategy is not there.
        InvalidParamsError: the strategy's params are wrong.
        UnavailableError: no worker could encode the text that it asks for.
    """
    if query.filter.drawn_sample is not None:
        query = msgspec.structs.replace(query, split="all")
    live = await services.residency.get(project)
    there = live.scheme(scheme)
    others = [live.scheme(name) for name in dict.fromkeys(query.also) if name != scheme]
    choice = await chosen(services, project, there, query)
    if others:
        joint = [(other, await chosen(services, project, other, query)) for other in others]
        choice = msgspec.structs.replace(choice, joint=tuple(joint))
    await put_in_order(services, there, query, choice, identity)
    return Wanted(query=query, scheme=there, choice=choice, others=others)


async def offer(services: Services, wanted: Wanted, identity: Identity) -> NextTexts:
    """Reserve the next texts for a user."""
    there, others = wanted.scheme, wanted.others
    drawn = await draw(services, there, wanted.query, wanted.choice, others, identity)
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
    if wanted.query.suggestions:
        known = await suggestions_for(services, there, [each.row for each in elements])
        elements = [
            msgspec.structs.replace(each, suggestion=known.get(each.row)) for each in elements
        ]
    return NextTexts(elements=elements, remaining=drawn.remaining)
