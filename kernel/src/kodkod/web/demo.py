"""Load the demo at the first start: a project with a scheme, a feature and a guide."""

from __future__ import annotations

import msgspec
import structlog

from kodkod.api import KodkodError
from kodkod.demo import DEMO_CONFIG, DEMO_SCHEME, demo_file
from kodkod.project.importing import ProjectConfig
from kodkod.store.people import find_user
from kodkod.store.projects import Project, list_projects
from kodkod.web.contract import NewScheme
from kodkod.web.making_schemes import make_scheme
from kodkod.web.services import Services

__all__ = ["load_demo"]

_log = structlog.get_logger("kodkod.demo")


async def load_demo(services: Services) -> Project | None:
    """Make the demo project if there is no project at all; tell which one, or None."""
    async with services.database.read() as connection:
        if await list_projects(connection, user_id=None, limit=1):
            return None
        root = await find_user(connection, "root")
    config = msgspec.convert(DEMO_CONFIG, ProjectConfig)
    file = demo_file()
    project = await services.workshop.create(
        file, file.name, config, owner_id=root.id, owner=root.username
    )
    scheme = msgspec.convert(DEMO_SCHEME, NewScheme)
    await make_scheme(services, project, scheme, user_id=root.id, username=root.username)
    try:
        await services.dispatcher.submit(
            "feature",
            {"name": "tfidf", "component": "tfidf-svd", "params": {}},
            user_id=root.id,
            username=root.username,
            project=project,
        )
    except KodkodError as error:
        # Texts can be annotated without it.
        _log.warning("the demo's feature is not computed", reason=error.message)
    return project
