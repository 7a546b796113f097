"""From a request for texts to a walk, made off the event loop, and texts drawn from it."""

from __future__ import annotations

import asyncio
from functools import partial

import msgspec
import structlog
from msgspec import Struct

from kodkod.api import NEEDS, ConflictError, KodkodError, UnavailableError
from kodkod.project.board import Lease
from kodkod.project.choice import Choice
from kodkod.project.making_walks import PICKED, make_walk
from kodkod.project.query import NextQuery
from kodkod.project.scheme import LiveScheme
from kodkod.project.shelf import WalkKey
from kodkod.project.sight import Sight
from kodkod.project.walk import BrowseWalk, PoolWalk
from kodkod.store.people import Identity
from kodkod.store.projects import Project
from kodkod.web.seeing import sight_of
from kodkod.web.services import Services
from kodkod.web.strategies import choose

__all__ = ["Drawn", "chosen", "draw", "put_in_order"]

_log = structlog.get_logger("kodkod.selection")
_TRIES = 20


class Drawn(Struct, frozen=True):
    """Texts reserved, and how many are left after them.

    `others` has, for each text, the leases on it in the other schemes asked for, by their place.
    """

    leases: list[Lease]
    others: list[list[Lease | None]]
    remaining: int


async def chosen(
    services: Services, project: Project, scheme: LiveScheme, query: NextQuery
) -> Choice:
    """Return the strategy of a request, with the vector of the text that it asks for.

    Raises:
        NotFoundError: no such strategy is installed.
        InvalidParamsError: its params are wrong.
        ConflictError: it compares texts with one, and there is nothing to compare them by.
        UnavailableError: no worker could encode the text.
    """
    choice = choose(services.registry, scheme, query)
    if query.sample.kind == "assigned" and query.strategy is None:
        choice = msgspec.structs.replace(choice, asked="assigned")
    if (sample := query.filter.drawn_sample) is not None:
        if scheme.corpus.sample(sample) is None:
            # It may have been drawn by another server.
            await services.residency.reload_artefacts(project.id)
        named = scheme.corpus.resolved(query.filter).drawn_sample
        choice = msgspec.structs.replace(choice, asked=f"sample:{named}")
    elif query.filter.rows is not None and query.strategy is None:
        choice = msgspec.structs.replace(choice, asked=PICKED)
    if scheme.vectors is None and "embeddings" in choice.needs:
        # A feature may be there that this server has yet to hear of.
        await services.residency.reload_artefacts(project.id)
        choice = choose(services.registry, scheme, query)
    if choice.text:
        if scheme.vectors is None:
            raise ConflictError(f"The strategy needs {NEEDS['embeddings']}.")
        vector = await services.encoder.vector_of(project, scheme.vectors.id, choice.text)
        choice = msgspec.structs.replace(choice, vector=vector)
    return choice


async def put_in_order(
    services: Services,
    project: Project,
    scheme: LiveScheme,
    query: NextQuery,
    choice: Choice,
    identity: Identity,
) -> None:
    """Make the order that texts will be drawn in, so that a later `draw` has it at hand.

    Raises:
        ConflictError: the strategy needs what is not there yet.
        InvalidInputError: the request cannot be meant.
    """
    await _walk(services, project, scheme, query, choice, identity)


async def draw(
    services: Services,
    project: Project,
    scheme: LiveScheme,
    query: NextQuery,
    choice: Choice,
    others: list[LiveScheme],
    identity: Identity,
) -> Drawn:
    """Reserve the next texts of a scheme for a user, in the other schemes as well.

    Raises:
        ConflictError: the strategy needs what is not there yet.
        InvalidInputError: the request cannot be meant.
    """
    key, walk = await _walk(services, project, scheme, query, choice, identity)
    seconds = services.settings.lease_minutes * 60
    leases = scheme.draw(key, walk, identity.user_id, query.n, seconds)
    others_too = [[other.lease_too(lease, seconds) for other in others] for lease in leases]
    return Drawn(leases, others_too, scheme.remaining(walk, identity.user_id))


async def _walk(
    services: Services,
    project: Project,
    scheme: LiveScheme,
    query: NextQuery,
    choice: Choice,
    identity: Identity,
) -> tuple[WalkKey, PoolWalk | BrowseWalk]:
    """Return the walk that is meant, made now if there is none.

    Where labels have come since one was made, that one goes on until the new one is there.
    """
    sight = await sight_of(services, project, scheme, identity)
    for _ in range(_TRIES):
        key = scheme.walk_key(query, choice, identity.user_id)
        walk = scheme.shelf.walk(key)
        if walk is not None:
            return key, walk
        making = scheme.shelf.making.get(key)
        if making is None:
            making = asyncio.create_task(_make(services, scheme, key, query, choice, sight))
            scheme.shelf.making[key] = making
            making.add_done_callback(lambda _, key=key: scheme.shelf.making.pop(key))
            services.later(_see_through(making, choice))
        older = scheme.shelf.older_walk(key)
        if older is not None:
            return older
        # By the time that this goes on, labels may have changed and the walk be dropped: look anew.
        await asyncio.shield(making)
    raise UnavailableError("The scheme changes faster than texts can be put in order; ask again.")


async def _make(
    services: Services,
    scheme: LiveScheme,
    key: WalkKey,
    query: NextQuery,
    choice: Choice,
    sight: Sight,
) -> PoolWalk | BrowseWalk:
    if query.sample.by is not None:
        await services.names.refresh()
    made = await asyncio.to_thread(
        partial(make_walk, scheme, key, query, choice, services.names.ids(), sight)
    )
    return scheme.adopt(key, made, choice)


async def _see_through(making: asyncio.Task[PoolWalk | BrowseWalk], choice: Choice) -> None:
    """Say what went wrong, to whoever is at a walk from before and does not wait."""
    try:
        await making
    except KodkodError as error:
        _log.info("an order could not be made", strategy=choice.name, reason=error.message)
