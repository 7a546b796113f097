"""Who decides on a scheme, and what is suggested to them."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from kodkod.api import (
    Consensus,
    ForbiddenError,
)
from kodkod.project.consensus import Suggestions, suggest
from kodkod.project.scheme import LiveScheme
from kodkod.store.adjudicators import (
    list_adjudicators,
)
from kodkod.web.given import Identity, Project, ProjectRole, Services

__all__ = ["scheme_to_decide", "suggestions_of"]


async def scheme_to_decide(
    services: Services, project: Project, name: str, identity: Identity, role: ProjectRole
) -> LiveScheme:
    """Return a scheme that the user adjudicates.

    Raises:
        ForbiddenError: they are neither a manager of the project nor named for the scheme.
    """
    scheme = (await services.residency.get(project)).scheme(name)
    if role != "manager":
        async with services.database.read() as connection:
            named = await list_adjudicators(connection, scheme.row.id)
        if identity.user_id not in named:
            raise ForbiddenError(
                f"Only managers and the adjudicators of {name!r} may do this; ask a manager to "
                "name you."
            )
    return scheme


async def suggestions_of(
    services: Services, scheme: LiveScheme, name: str, params: dict[str, Any]
) -> Suggestions:
    """Return what a consensus suggests now; worked out once for each state of the log."""
    fold, coder = scheme.fold, scheme.coder
    state = (fold.seq, coder, name, repr(sorted(params.items())))
    if scheme.suggested is not None and scheme.suggested[0] == state:
        return scheme.suggested[1]
    built = cast("Consensus[Any]", services.registry.build("consensus", name, params))
    found = await asyncio.to_thread(suggest, fold, coder, built, scheme.corpus.text_of)
    scheme.suggested = (state, found)
    return found
