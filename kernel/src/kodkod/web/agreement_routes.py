"""How far those who code agree."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from litestar import get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.query import SplitName
from kodkod.project.scheme import LiveScheme
from kodkod.store.artefacts import ModelRow
from kodkod.web.access import Requires
from kodkod.web.agreement import AgreementQuery, agreement_of
from kodkod.web.agreement_contract import AgreementView
from kodkod.web.artefacts import named
from kodkod.web.given import Project, Services
from kodkod.web.reach import models_of

__all__ = ["routes"]

_MANY = 200


@get(
    "/projects/{slug:str}/schemes/{scheme:str}/agreement",
    operation_id="get_agreement",
    tags=["agreement"],
    requires=Requires.PROJECT_MANAGER,
)
async def agreement(  # the parameters are the query string
    project: Project,
    scheme: FromPath[str],
    services: Services,
    measures: Annotated[list[str] | None, QueryParameter(max_items=_MANY)] = None,
    annotators: Annotated[list[str] | None, QueryParameter(max_items=_MANY)] = None,
    split: FromQuery[SplitName] = "all",
    drawn_sample: FromQuery[str | None] = None,
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    over: Annotated[str | None, QueryParameter(pattern=r"^(day|week|[1-9][0-9]{0,8})$")] = None,
    machine: FromQuery[str | None] = None,
    positions: Annotated[list[float] | None, QueryParameter(max_items=_MANY)] = None,
    replicates: Annotated[int, QueryParameter(ge=0, le=10_000)] = 1_000,
) -> AgreementView:
    """Return how far people agree on texts that two or more of them have coded.

    It is about what each of them says now; what was adjudicated is nobody's vote. `over` adds the
    agreement by `day`, by `week`, or by so many votes. `machine` names a model or a labelling to
    take as one more coder. `positions` are where the labels stand on an interval scale.
    """
    there = (await services.residency.get(project)).scheme(scheme)
    query = AgreementQuery(
        measures=tuple(measures or ()),
        users=await _users(services, annotators),
        split=split,
        drawn_sample=drawn_sample,
        since=_with_zone(since),
        until=_with_zone(until),
        over=over,
        positions=None if positions is None else tuple(positions),
        replicates=replicates,
    )
    model = None if machine is None else await _machine(services, project, there, machine)
    places = ProjectPlaces.of(services.settings, project.slug)
    return await agreement_of(services, there, query, model, places)


async def _users(services: Services, names: list[str] | None) -> tuple[int, ...] | None:
    if not names:
        return None
    await services.names.refresh()
    known = services.names.ids()
    for name in names:
        if name not in known:
            raise InvalidInputError(
                f"There is no user {name!r}; name annotators by their usernames.",
                field="annotators",
            )
    return tuple(sorted(known[name] for name in names))


async def _machine(services: Services, project: Project, scheme: LiveScheme, name: str) -> ModelRow:
    async with services.database.read() as connection:
        models = await models_of(connection, project)
    row = named(project, models, name, "model or labelling")
    if row.scheme_id != scheme.row.id:
        raise InvalidInputError(
            f"{row.name!r} codes by another scheme; name one that codes by {scheme.row.name!r}.",
            field="machine",
        )
    return row


def _with_zone(time: datetime | None) -> datetime | None:
    """Return a time with a zone; one without is UTC."""
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time


routes: list[ControllerRouterHandler] = [agreement]
