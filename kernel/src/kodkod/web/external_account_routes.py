"""Which accounts at providers open an account here: for root, who alone may link them."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import NotFoundError
from kodkod.store.external_accounts import (
    ExternalAccount,
    link_account,
    list_links,
    unlink_account,
)
from kodkod.store.people import find_user
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.given import Services
from kodkod.web.sign_in_contract import ExternalAccountKey, ExternalAccountView, Identifier

__all__ = ["routes"]

_PATH = "/users/{username:str}/external-accounts"


@get(_PATH, operation_id="list_external_accounts", tags=["users"], requires=Requires.ROOT)
async def get_external_accounts(
    services: Services, username: FromPath[str]
) -> Page[ExternalAccountView]:
    """List the accounts at providers that open somebody's account, all on one page."""
    async with services.database.read() as connection:
        user = await find_user(connection, username)
        links = await list_links(connection, user.id)
    return Page(items=[_shown(link) for link in links])


@post(_PATH, operation_id="link_external_account", tags=["users"], requires=Requires.ROOT)
async def link_external_account(
    services: Services, username: FromPath[str], data: JSONBody[ExternalAccountKey]
) -> ExternalAccountView:
    """Let an account at a provider open somebody's account from now on."""
    async with services.database.write() as connection:
        user = await find_user(connection, username)
        link = await link_account(connection, user.id, data.issuer, data.subject)
    return _shown(link)


@delete(_PATH, operation_id="unlink_external_account", tags=["users"], requires=Requires.ROOT)
async def unlink_external_account(
    services: Services,
    username: FromPath[str],
    issuer: Annotated[Identifier, QueryParameter()],
    subject: Annotated[Identifier, QueryParameter()],
) -> None:
    """End a link; sessions that began by it go on until they are ended."""
    async with services.database.write() as connection:
        user = await find_user(connection, username)
        ended = await unlink_account(connection, user.id, issuer, subject)
    if not ended:
        raise NotFoundError(
            f"No account {subject!r} of {issuer} is linked to {username!r}; list those that are."
        )


def _shown(link: ExternalAccount) -> ExternalAccountView:
    return ExternalAccountView(issuer=link.issuer, subject=link.subject, linked_at=link.linked_at)


routes: list[ControllerRouterHandler] = [
    get_external_accounts,
    link_external_account,
    unlink_external_account,
]
