"""Simulations: which strategy would have paid on what is annotated."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Literal, TypeVar, cast

import msgspec
import structlog
from litestar import Response, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError, ModelSpec, NotFoundError, StrategySpec, decode_params
from kodkod.jobs.places import ProjectPlaces
from kodkod.plugins import PluginRegistry
from kodkod.project.live import check_unlocked
from kodkod.store.files import discard
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.simulation_contract import NewSimulation, SimulationInfo, SimulationReport
from kodkod.web.views import job_view

__all__ = ["routes"]

_ID = re.compile(r"[0-9a-f]{16}")
_MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}

R = TypeVar("R", SimulationInfo, SimulationReport)

_log = structlog.get_logger("kodkod.web")


@post(
    "/projects/{slug:str}/simulations",
    operation_id="simulate",
    tags=["simulations"],
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def simulate(
    project: Project, data: JSONBody[NewSimulation], services: Services, identity: Identity
) -> JobView:
    """Start a simulation; its id is the job's."""
    scheme = (await services.residency.get(project)).scheme(data.scheme)
    _check_components(services.registry, data, scheme.row.type)
    await services.check_features(project, data.features)
    job = await services.dispatcher.submit(
        "simulate",
        {
            "scheme_id": scheme.row.id,
            "features": data.features,
            "name": data.name,
            "plan": msgspec.to_builtins(data.plan()),
        },
        user_id=identity.user_id,
        username=identity.username,
        project=project,
        subject=data.model,
    )
    await services.names.know([job.user_id])
    return job_view(job, project.slug, services.names)


@get(
    "/projects/{slug:str}/simulations",
    operation_id="list_simulations",
    tags=["simulations"],
    requires=Requires.PROJECT_READER,
)
async def simulations(project: Project, services: Services) -> Page[SimulationInfo]:
    """List the simulations, newest first, without their curves."""
    home = ProjectPlaces.of(services.settings, project.slug).simulation("")
    found = await asyncio.to_thread(_all, home)
    return Page(items=[each for each in found if each.scheme_id not in project.hidden])


@get(
    "/projects/{slug:str}/simulations/{simulation:str}",
    operation_id="get_simulation",
    tags=["simulations"],
    requires=Requires.PROJECT_READER,
)
async def simulation_report(
    project: Project, simulation: FromPath[str], services: Services
) -> SimulationReport:
    """Show a simulation with its curves."""
    folder = _folder(services, project, simulation)
    return await _report(project, folder, simulation, SimulationReport)


@get(
    "/projects/{slug:str}/simulations/{simulation:str}/plot",
    operation_id="get_simulation_plot",
    tags=["simulations"],
    requires=Requires.PROJECT_READER,
    media_type="image/svg+xml",
)
async def plot(
    project: Project,
    simulation: FromPath[str],
    services: Services,
    format: FromQuery[Literal["svg", "png"]] = "svg",  # noqa: A002 - the contract's name
) -> Response[bytes]:
    """Download a simulation's curves as a picture."""
    folder = _folder(services, project, simulation)
    await _report(project, folder, simulation, SimulationInfo)
    try:
        drawn = await asyncio.to_thread((folder / f"curves.{format}").read_bytes)
    except FileNotFoundError as error:
        raise _missing(simulation) from error
    return Response(drawn, media_type=_MEDIA_TYPES[format])


@delete(
    "/projects/{slug:str}/simulations/{simulation:str}",
    operation_id="delete_simulation",
    tags=["simulations"],
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def delete_simulation(
    project: Project, simulation: FromPath[str], services: Services
) -> None:
    """Delete a simulation's report and pictures."""
    folder = _folder(services, project, simulation)
    if not await asyncio.to_thread(folder.is_dir):
        raise _missing(simulation)
    await _report(project, folder, simulation, SimulationInfo)
    await asyncio.to_thread(discard, folder)


def _check_components(registry: PluginRegistry, data: NewSimulation, scheme_type: str) -> None:
    """See at once what a worker would find minutes later; all else it says itself."""
    model = cast("ModelSpec", registry.spec("model", data.model))
    decode_params(model.params, data.params)
    if scheme_type not in model.scheme_types:
        raise InvalidInputError(
            f"The model {data.model!r} learns {', '.join(model.scheme_types)}, not {scheme_type}; "
            "choose another.",
            field="model",
        )
    for each in data.strategies:
        spec = cast("StrategySpec", registry.spec("strategy", each.name))
        decode_params(spec.params, each.params)


def _folder(services: Services, project: Project, simulation: str) -> Path:
    if not _ID.fullmatch(simulation):
        raise _missing(simulation)
    return ProjectPlaces.of(services.settings, project.slug).simulation(simulation)


async def _report(project: Project, folder: Path, simulation: str, type_: type[R]) -> R:
    """Read what a simulation says.

    Raises:
        NotFoundError: there is no such simulation, or it is of a hidden scheme.
        ForbiddenError: it is of a scheme that may be seen only, and is to be deleted.
    """
    try:
        written = await asyncio.to_thread((folder / "report.json").read_bytes)
    except FileNotFoundError as error:
        raise _missing(simulation) from error
    report = msgspec.json.decode(written, type=type_)
    if report.scheme_id in project.hidden:
        raise _missing(simulation)
    check_unlocked(project, report.scheme_id)
    return report


def _missing(simulation: str) -> NotFoundError:
    return NotFoundError(f"The project has no simulation {simulation[:40]!r}.")


def _all(home: Path) -> list[SimulationInfo]:
    found: list[SimulationInfo] = []
    for folder in home.glob("[!.]*"):
        try:
            written = (folder / "report.json").read_bytes()
            found.append(msgspec.json.decode(written, type=SimulationInfo))
        except (OSError, msgspec.DecodeError) as error:
            # Deleted since it was listed, or damaged: the others are shown.
            _log.warning("a simulation cannot be read", id=folder.name, error=str(error))
    return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)


routes: list[ControllerRouterHandler] = [
    simulate,
    simulations,
    simulation_report,
    plot,
    delete_simulation,
]
