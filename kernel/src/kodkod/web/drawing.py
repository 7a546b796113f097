"""From a request for texts to a walk, made off the event loop."""

from __future__ import annotations

import asyncio
from functools import partial

from kodkod.project.query import NextQuery
from kodkod.project.scheme import Choice, LiveScheme, WalkKey
from kodkod.project.walk import BrowseWalk, PoolWalk
from kodkod.store.people import Identity
from kodkod.web.services import Services

__all__ = ["walk_for"]


async def walk_for(
    services: Services,
    scheme: LiveScheme,
    key: WalkKey,
    query: NextQuery,
    choice: Choice,
    identity: Identity,
) -> PoolWalk | BrowseWalk:
    """Make the walk in another thread and begin it."""
    if query.sample.by is not None:
        await services.names.refresh()
    made = await asyncio.to_thread(
        partial(scheme.make_walk, key, query, choice, services.names.ids(), identity.user_id)
    )
    return scheme.adopt(key, made)
