"""What the routes work with: made once for each server, opened and closed with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog

from kodkod.api import Event
from kodkod.plugins import PluginRegistry
from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.web.access import Access
from kodkod.web.sign_in import SignInDesk

__all__ = ["Services", "make_services", "open_services"]

_log = structlog.get_logger("kodkod.web")


@dataclass(kw_only=True)
class Services:
    """The server's parts. Handlers take it as the argument `services`."""

    settings: Settings
    registry: PluginRegistry
    database: Database
    access: Access
    sign_in: SignInDesk
    _observing: set[asyncio.Future[None]] = field(default_factory=set)

    def observe(self, event: Event) -> None:
        """Tell the plugins of something that is committed, without waiting for them."""
        future = asyncio.get_running_loop().run_in_executor(None, self.registry.observe, event)
        self._observing.add(future)
        future.add_done_callback(self._observed)

    def forget_access(self, *, user_id: int | None = None, project_slug: str | None = None) -> None:
        """Let a changed user, token, project or membership count at once in this process."""
        if user_id is not None:
            self.access.forget_user(user_id)
        if project_slug is not None:
            self.access.forget_project(project_slug)

    async def settle(self) -> None:
        """Wait until the plugins have heard of everything."""
        await asyncio.gather(*self._observing, return_exceptions=True)

    def _observed(self, future: asyncio.Future[None]) -> None:
        self._observing.discard(future)
        if not future.cancelled() and (error := future.exception()) is not None:
            _log.error("an observer failed", exc_info=error)


def make_services(settings: Settings, registry: PluginRegistry) -> Services:
    """Put the parts together; nothing is opened yet.

    Raises:
        NotFoundError: the settings name a way to sign in that no plugin brings.
    """
    database = Database.at(settings.database_url, settings.data_dir)
    return Services(
        settings=settings,
        registry=registry,
        database=database,
        access=Access(database),
        sign_in=SignInDesk(registry, settings.sign_in),
    )


@asynccontextmanager
async def open_services(services: Services) -> AsyncIterator[None]:
    """Open the parts, the database first, and close them in the opposite order."""
    try:
        await services.database.migrate()
        yield
    finally:
        await services.settle()
        await services.database.close()
