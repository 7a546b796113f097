"""Secrets of a project: stored sealed, listed without their values, sent to one origin."""

from __future__ import annotations

import asyncio

from litestar import delete, get, put
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import NotFoundError
from kodkod.store.database import now
from kodkod.store.sealing import Sealer
from kodkod.store.secrets import (
    SecretRow,
    checked_value,
    delete_secret,
    list_secrets,
    origin_of,
    put_secret,
)
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.secret_contract import NewSecret, SecretInfo

__all__ = ["routes"]


@get("/projects/{slug:str}/secrets", operation_id="list_secrets", requires=Requires.PROJECT_MANAGER)
async def list_all(project: Project, services: Services) -> Page[SecretInfo]:
    """List the secrets, without their values."""
    async with services.database.read() as connection:
        rows = await list_secrets(connection, project.id)
    await services.names.know([row.created_by for row in rows])
    return Page(items=[_info(services, row) for row in rows])


@put(
    "/projects/{slug:str}/secrets",
    operation_id="put_secret",
    requires=Requires.PROJECT_MANAGER,
)
async def store(
    project: Project, data: JSONBody[NewSecret], services: Services, identity: Identity
) -> SecretInfo:
    """Store a secret, in the place of one of the same name. Nobody can read it back."""
    value, sealer = checked_value(data.value), Sealer(services.settings.data_dir)
    row = SecretRow(
        project_id=project.id,
        name=data.name,
        origin=origin_of(data.origin),
        sealed=await asyncio.to_thread(sealer.seal, value),
        created_by=identity.user_id,
        created_at=now(),
    )
    async with services.database.write() as connection:
        await put_secret(connection, row)
    await services.names.know([row.created_by])
    return _info(services, row)


@delete(
    "/projects/{slug:str}/secrets/{secret:str}",
    operation_id="delete_secret",
    requires=Requires.PROJECT_MANAGER,
)
async def remove(project: Project, secret: FromPath[str], services: Services) -> None:
    """Forget a secret; what runs with it fails at its next question."""
    async with services.database.write() as connection:
        if not await delete_secret(connection, project.id, secret):
            raise NotFoundError(f"The project has no secret {secret!r}.")


def _info(services: Services, row: SecretRow) -> SecretInfo:
    return SecretInfo(
        name=row.name,
        origin=row.origin,
        created_by=services.names[row.created_by],
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )


routes: list[ControllerRouterHandler] = [list_all, store, remove]
