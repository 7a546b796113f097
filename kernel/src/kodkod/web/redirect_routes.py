"""Sign in elsewhere: what ways there are, there and back, and the session at the end."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

import structlog
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from kodkod.api import RedirectSignInSpec, UnauthenticatedError, UnavailableError
from kodkod.store.people import user_with_id
from kodkod.web.access import Requires
from kodkod.web.external_people import NotLetInError
from kodkod.web.given import Services
from kodkod.web.people_contract import TokenGrant
from kodkod.web.sessions import begin_session, over_tls
from kodkod.web.sign_in_contract import Handover, SignInWay

__all__ = ["pages", "routes"]

_log = structlog.get_logger("kodkod.web")
_COOKIE = "kodkod_sign_in"
_COOKIE_SECONDS = 11 * 60
_UNSTORED = {"Cache-Control": "no-store"}
_MAX_BYTES = 4096


@get("/auth/ways", operation_id="list_sign_in_ways", tags=["sign-in"], requires=Requires.PUBLIC)
async def get_ways(services: Services) -> list[SignInWay]:
    """List the ways to sign in, in the order of the settings."""
    return [
        SignInWay(
            name=way.name,
            title=way.title,
            begin=f"/auth/{way.name}/begin" if isinstance(way, RedirectSignInSpec) else None,
        )
        for way in services.sign_in.ways
    ]


@get("/auth/{way:str}/begin", requires=Requires.PUBLIC, include_in_schema=False)
async def begin(
    request: Request[Any, Any, Any],
    services: Services,
    way: FromPath[str],
    to: Annotated[str, QueryParameter(max_length=2000)] = "/",
) -> Redirect:
    """Send a browser to the provider; `to` is the page of the web UI to show in the end."""
    to = _local(to)
    try:
        sent = await services.redirects.begin(way, services.proxies.origin_of(request), to)
    except UnavailableError as error:
        _log.warning("a provider does not answer", way=way, error=error.message)
        return _back_to_door(to, refused="unavailable")
    cookie = Cookie(
        key=_cookie_name(services),
        value=sent.browser,
        max_age=_COOKIE_SECONDS,
        httponly=True,
        samesite="lax",  # It comes back by a link from another site.
        secure=over_tls(services),
    )
    return Redirect(sent.url, status_code=303, headers=_UNSTORED, cookies=[cookie])


@get("/auth/{way:str}/return", requires=Requires.PUBLIC, include_in_schema=False)
async def come_back(
    request: Request[Any, Any, Any], services: Services, way: FromPath[str]
) -> Redirect:
    """Take a browser back from the provider.

    The web UI gets a code behind the `#` of the address, which browsers send to nobody.
    """
    query = {name: value for name, value in request.query_params.items() if isinstance(value, str)}
    browser = request.cookies.get(_cookie_name(services), "")
    try:
        arrived = await services.redirects.arrive(
            way, query, browser, services.proxies.origin_of(request)
        )
    except NotLetInError as error:
        if error.user_id is not None:
            services.forget_access(user_id=error.user_id)
        return _refused(way, error.reason, error.message)
    except UnauthenticatedError as error:
        return _refused(way, "unproven", error.message)
    except UnavailableError as error:
        return _refused(way, "unavailable", error.message)
    return _back_to_door(arrived.to, code=arrived.code)


@post(
    "/auth/handovers",
    operation_id="exchange_sign_in_code",
    tags=["sign-in"],
    requires=Requires.PUBLIC,
    status_code=200,
    request_max_body_size=_MAX_BYTES,
)
async def hand_over(
    request: Request[Any, Any, Any], services: Services, data: JSONBody[Handover]
) -> Response[TokenGrant]:
    """Exchange the code of a sign-in elsewhere for a session, in the browser that began it."""
    browser = request.cookies.get(_cookie_name(services), "")
    entering = await services.redirects.exchange(data.code, browser)
    async with services.database.read() as connection:
        user = await user_with_id(connection, entering.user_id)
    if user is None or not user.active:
        raise UnauthenticatedError("The account is closed.")
    # Its role and its groups may be others than a moment ago.
    services.forget_access(user_id=user.id)
    origin = services.proxies.origin_of(request)
    grant = await begin_session(
        services, user, origin, way=entering.way, data={"groups": list(entering.groups)}
    )
    response = Response(grant, headers=_UNSTORED)
    response.delete_cookie(_cookie_name(services))
    return response


def _cookie_name(services: Services) -> str:
    # A browser takes this prefix from the host itself only, and over TLS only.
    return f"__Host-{_COOKIE}" if over_tls(services) else _COOKIE


def _local(to: str) -> str:
    """Return a path of the web UI: an address from outside must not send anybody elsewhere."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"


def _refused(way: str, reason: str, message: str) -> Redirect:
    _log.warning("somebody who came back was not let in", way=way, reason=reason, error=message)
    return _back_to_door("/", refused=reason)


def _back_to_door(to: str, **said: str) -> Redirect:
    return Redirect(
        f"/sign-in?to={quote(to, safe='')}#{urlencode(said)}", status_code=303, headers=_UNSTORED
    )


routes: list[ControllerRouterHandler] = [get_ways, hand_over]
pages: list[ControllerRouterHandler] = [begin, come_back]
