"""What a person may see of a scheme while they code blind."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from kodkod.api import ForbiddenError
from kodkod.project.scheme import LiveScheme
from kodkod.project.sight import Sight
from kodkod.store.log import Entry
from kodkod.store.people import Identity
from kodkod.store.projects import Project
from kodkod.web.annotating_contract import Element, LogEntry
from kodkod.web.services import Services

__all__ = ["as_logged", "as_seen", "check_sees_all", "sees_all", "sees_entry", "sight_of"]


Logged = TypeVar("Logged", bound=LogEntry)


async def sight_of(
    services: Services, project: Project, scheme: LiveScheme, identity: Identity
) -> Sight:
    """Return what somebody sees of a scheme: managers of the project see all of it."""
    entry = await services.access.enter(identity, project.slug)
    return scheme.sight(identity.user_id, whole=entry.role == "manager")


def sees_entry(sight: Sight, entry: Entry) -> bool:
    """Tell whether an entry of the log may be shown: one's own always."""
    return entry.row is None or entry.user_id == sight.user_id or not sight.hides(entry.row)


def as_seen(shown: Element, sight: Sight, others: list[Sight], name: str) -> Element:
    """Take out of a text what its reader, called `name`, must not see in these schemes."""
    row = shown.row
    also = [
        msgspec.structs.replace(
            each,
            annotations=[a for a in each.annotations if a.user == name or not other.hides(row)],
            prediction=None if other.veils(row) else each.prediction,
        )
        for each, other in zip(shown.also, others, strict=True)
    ]
    return msgspec.structs.replace(
        shown,
        strategy=None if sight.disguises else shown.strategy,
        selection_probability=None if sight.disguises else shown.selection_probability,
        annotations=[a for a in shown.annotations if a.user == name or not sight.hides(row)],
        prediction=None if sight.veils(row) else shown.prediction,
        suggestion=None if sight.veils(row) else shown.suggestion,
        also=also,
    )


def as_logged(shown: Logged, sight: Sight) -> Logged:
    """Take out of an entry what would tell its reader which texts are gold."""
    if not sight.disguises:
        return shown
    return msgspec.structs.replace(shown, strategy=None, selection_probability=None)


async def check_sees_all(services: Services, project: Project, identity: Identity) -> None:
    """Refuse what shows answers or predictions of many texts at once to who codes blind.

    Raises:
        ForbiddenError: something of the project is hidden from the one who asks.
    """
    live = await services.residency.get(project)
    for scheme in live.schemes.values():
        sight = await sight_of(services, project, scheme, identity)
        if sight.partial:
            raise ForbiddenError(
                f"You are coding texts of the scheme {scheme.row.name!r} blind, and this would "
                "show what others or models said of them; it opens when you have coded them all, "
                "the task is closed, or answers are no longer checked against known ones."
            )


async def sees_all(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Guard a route that shows what was said or predicted of many texts."""
    services: Services = connection.app.state.services
    await check_sees_all(services, connection.scope["auth"].project, connection.scope["user"])
