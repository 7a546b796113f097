"""What the routes work with: made once for each server, opened and closed with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from kodkod.plugins import PluginRegistry
from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.web.access import Access
from kodkod.web.sign_in import SignInDesk

__all__ = ["Services", "make_services", "open_services"]


@dataclass(kw_only=True)
class Services:
    """The server's parts. Handlers take it as the argument `services`."""

    settings: Settings
    registry: PluginRegistry
    database: Database
    access: Access
    sign_in: SignInDesk


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
        await services.database.close()
