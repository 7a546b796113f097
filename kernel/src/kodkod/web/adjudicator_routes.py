"""Who adjudicates a scheme, and to whom texts are assigned."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import get, put
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import (
    InvalidInputError,
)
from kodkod.store.adjudicators import (
    assign,
    list_adjudicators,
    members_named,
    set_adjudicators,
)
from kodkod.web.access import Requires
from kodkod.web.adjudication_contract import (
    Adjudicators,
    Assignment,
)
from kodkod.web.given import Project, Services

__all__ = ["routes"]

_PATH = "/projects/{slug:str}/schemes/{scheme:str}"


@get(
    f"{_PATH}/adjudicators",
    operation_id="get_adjudicators",
    tags=["adjudication"],
    requires=Requires.PROJECT_ANNOTATOR,
)
async def get_adjudicators(
    project: Project, scheme: FromPath[str], services: Services
) -> Adjudicators:
    """Tell who adjudicates a scheme, besides the project's managers."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.read() as connection:
        named = await list_adjudicators(connection, there.row.id)
    return Adjudicators(usernames=tuple(named.values()))


@put(
    f"{_PATH}/adjudicators",
    operation_id="put_adjudicators",
    tags=["adjudication"],
    requires=Requires.PROJECT_MANAGER,
)
async def put_adjudicators(
    project: Project, scheme: FromPath[str], data: JSONBody[Adjudicators], services: Services
) -> Adjudicators:
    """Name members of the project who adjudicate a scheme, in place of those named before."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.write() as connection:
        members = await members_named(connection, project.id, data.usernames)
        _refuse_strangers(data.usernames, members)
        await set_adjudicators(connection, there.row.id, set(members.values()))
        named = await list_adjudicators(connection, there.row.id)
    return Adjudicators(usernames=tuple(named.values()))


@put(
    f"{_PATH}/disagreements/assignments",
    operation_id="assign_disagreements",
    tags=["adjudication"],
    requires=Requires.PROJECT_MANAGER,
    status_code=204,
)
async def assign_disagreements(
    project: Project, scheme: FromPath[str], data: JSONBody[Assignment], services: Services
) -> None:
    """Let an adjudicator decide on these texts; others still may."""
    there = (await services.residency.get(project)).scheme(scheme)
    rows = there.corpus.rows_of(data.ids)
    async with services.database.write() as connection:
        user_id = None
        if data.adjudicator is not None:
            members = await members_named(connection, project.id, [data.adjudicator])
            _refuse_strangers([data.adjudicator], members)
            user_id = members[data.adjudicator]
        await assign(connection, there.row.id, set(rows), user_id)


def _refuse_strangers(usernames: Sequence[str], members: dict[str, int]) -> None:
    strangers = [name for name in usernames if name not in members]
    if strangers:
        raise InvalidInputError(
            f"{strangers[0]!r} is no member of the project; add them first.", field="usernames"
        )


routes: list[ControllerRouterHandler] = [
    get_adjudicators,
    put_adjudicators,
    assign_disagreements,
]
