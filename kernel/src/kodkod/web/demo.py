"""Load the demo at the first start: a project with a scheme, a feature and a guide."""

from __future__ import annotations

import msgspec
import structlog

from kodkod.api import KodkodError
from kodkod.demo import DEMO_CONFIG, DEMO_SCHEME, demo_file
from kodkod.project.importing import ProjectConfig
from kodkod.project.scheme import LiveScheme
from kodkod.store.people import User, find_user
from kodkod.store.projects import Project, list_projects
from kodkod.web.making_guides import make_guide
from kodkod.web.making_schemes import make_scheme
from kodkod.web.scheme_contract import NewGuide, NewScheme
from kodkod.web.services import Services

__all__ = ["load_demo"]

FEATURE = "tfidf"
_ENDS = {"job.done", "job.failed", "job.cancelled"}
_log = structlog.get_logger("kodkod.demo")


async def load_demo(services: Services) -> None:
    """Make the demo project if there is no project at all. Its guide comes once it can."""
    async with services.database.read() as connection:
        if await list_projects(connection, user_id=None, limit=1):
            return
        root = await find_user(connection, "root")
    config = msgspec.convert(DEMO_CONFIG, ProjectConfig)
    file = demo_file()
    project = await services.workshop.create(
        file, file.name, config, owner_id=root.id, owner=root.username
    )
    new = msgspec.convert(DEMO_SCHEME, NewScheme)
    scheme = await make_scheme(services, project, new, user_id=root.id, username=root.username)
    services.later(_give_guide(services, project, scheme, root))


async def _give_guide(services: Services, project: Project, scheme: LiveScheme, root: User) -> None:
    """Compute the feature and set the guide; texts can be annotated without either."""
    since = services.events.last
    try:
        job = await services.dispatcher.submit(
            "feature",
            {"name": FEATURE, "component": "tfidf-svd", "params": {}},
            user_id=root.id,
            username=root.username,
            project=project,
        )
        async for event in services.events.listen(since):
            if event.data.get("id") == job.id and event.type in _ENDS:
                break
        guide = NewGuide(features=(FEATURE,), refresh_every=5)
        await make_guide(services, project, scheme, guide, root.username)
    except KodkodError as error:
        _log.warning("the demo has no guide", reason=error.message)
