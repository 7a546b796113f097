"""Sign in and out; tokens for scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError, NotFoundError
from kodkod.store.people import Token, delete_tokens, list_tokens
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Services
from kodkod.web.people_contract import ApiToken, NewApiToken, PasswordForm, TokenGrant
from kodkod.web.sessions import begin_session, device_cookie
from kodkod.web.sign_in import issue_token

__all__ = ["routes"]

_MAX_FORM_BYTES = 64 * 1024


@post(
    "/auth/token",
    operation_id="sign_in",
    tags=["sign-in"],
    requires=Requires.PUBLIC,
    counts_attempts=True,
    status_code=200,
    # Anybody may send this: nobody may make the server read much.
    request_max_body_size=_MAX_FORM_BYTES,
)
async def sign_in(
    request: Request[Any, Any, Any],
    services: Services,
    data: Annotated[PasswordForm, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[TokenGrant]:
    """Sign in with name and password, for a session.

    A browser keeps a cookie that tells it apart later: while others guess at its owner's
    password, the owner is let in there. The cookie itself opens nothing.
    """
    origin = services.proxies.origin_of(request)
    user = await services.sign_in.admit(
        services.database, username=data.username, secret=data.password, origin=origin
    )
    grant = await begin_session(services, user, origin, way=user.sign_in)
    return Response(grant, cookies=[] if origin.device else [await device_cookie(services, user)])


@delete("/auth/token", operation_id="sign_out", tags=["sign-in"], requires=Requires.SIGNED_IN)
async def sign_out(services: Services, identity: Identity) -> None:
    """Revoke the token that this request came with."""
    async with services.database.write() as connection:
        await delete_tokens(connection, identity.user_id, token_id=identity.token_id)
    services.forget_access(user_id=identity.user_id)


@post(
    "/auth/api-tokens",
    operation_id="create_api_token",
    tags=["sign-in"],
    requires=Requires.SIGNED_IN,
)
async def create_api_token(
    services: Services, identity: Identity, data: JSONBody[NewApiToken]
) -> ApiToken:
    """Make a long-lived token for scripts; its text is shown in this answer only."""
    if not data.scopes:
        raise InvalidInputError("A token needs a scope: read, or write.", field="scopes")
    async with services.database.write() as connection:
        secret, token = await issue_token(
            connection,
            identity.user_id,
            lasts=timedelta(days=data.days),
            name=data.name,
            scopes=sorted(set(data.scopes)),
        )
    return _shown(token, secret)


@get(
    "/auth/api-tokens",
    operation_id="list_api_tokens",
    tags=["sign-in"],
    requires=Requires.SIGNED_IN,
)
async def list_api_tokens(services: Services, identity: Identity) -> Page[ApiToken]:
    """List the own long-lived tokens, newest first, all on one page."""
    async with services.database.read() as connection:
        tokens = await list_tokens(connection, identity.user_id)
    return Page(items=[_shown(token) for token in tokens])


@delete(
    "/auth/api-tokens/{token_id:str}",
    operation_id="delete_api_token",
    tags=["sign-in"],
    requires=Requires.SIGNED_IN,
)
async def delete_api_token(services: Services, identity: Identity, token_id: FromPath[str]) -> None:
    """Revoke one of the own tokens."""
    async with services.database.write() as connection:
        revoked = await delete_tokens(connection, identity.user_id, token_id=token_id)
    if not revoked:
        raise NotFoundError(f"You have no token {token_id!r}.")
    services.forget_access(user_id=identity.user_id)


def _shown(token: Token, secret: str | None = None) -> ApiToken:
    return ApiToken(
        id=token.id,
        name=token.name or "",
        scopes=token.scopes,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        token=secret,
    )


routes: list[ControllerRouterHandler] = [
    sign_in,
    sign_out,
    create_api_token,
    list_api_tokens,
    delete_api_token,
]
