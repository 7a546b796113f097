"""The authorization code flow with PKCE (OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9207)."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from urllib.parse import quote

import msgspec
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from msgspec import Struct

from kodkod.api import (
    Begun,
    ExternalPerson,
    NoParams,
    RedirectSignIn,
    UnauthenticatedError,
)
from kodkod_oidc.claims import person_of
from kodkod_oidc.id_token import verified_claims
from kodkod_oidc.provider import Provider
from kodkod_oidc.settings import OidcSettings, read_settings

__all__ = ["OidcSignIn"]

_LONGEST_CODE = 4096


class _Kept(Struct, frozen=True):
    """What is remembered while the browser is away."""

    nonce: str
    verifier: str


class OidcSignIn(RedirectSignIn[NoParams]):
    """Signs in at the provider of `[oidc]`."""

    def __init__(self, params: NoParams) -> None:
        super().__init__(params)
        self._lock = threading.Lock()
        self._known: tuple[OidcSettings, Provider] | None = None

    def begin(self, state: str, return_url: str) -> Begun:
        """Return the authorization request.

        Raises:
            UnavailableError: the provider does not answer.
        """
        settings, provider = self._opened()
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        url = add_params_to_uri(
            provider.metadata().authorization_endpoint,
            [
                ("response_type", "code"),
                ("client_id", settings.client_id),
                ("redirect_uri", return_url),
                ("scope", " ".join(dict.fromkeys(("openid", *settings.scopes)))),
                ("state", state),
                ("nonce", nonce),
                ("code_challenge", create_s256_code_challenge(verifier)),
                ("code_challenge_method", "S256"),
            ],
        )
        kept = _Kept(nonce=nonce, verifier=verifier)
        return Begun(url=url, remembered=msgspec.json.encode(kept).decode())

    def finish(self, query: Mapping[str, str], remembered: str, return_url: str) -> ExternalPerson:
        """Redeem the code and return whom its ID token tells of.

        Raises:
            UnauthenticatedError: the provider refused, or what it says does not hold.
            UnavailableError: the provider does not answer.
        """
        settings, provider = self._opened()
        kept = msgspec.json.decode(remembered, type=_Kept)
        code = _code(query, settings.issuer)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": return_url,
            "code_verifier": kept.verifier,
        }
        secret = _secret(settings)
        if secret is None:
            form["client_id"] = settings.client_id
        answer = provider.redeem(form, secret)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise UnauthenticatedError(
                "The sign-in provider does not accept the code; begin again."
            )
        claims = verified_claims(
            token,
            provider,
            issuer=settings.issuer,
            client_id=settings.client_id,
            nonce=kept.nonce,
            leeway=settings.leeway_seconds,
        )
        return person_of(claims, settings)

    def _opened(self) -> tuple[OidcSettings, Provider]:
        with self._lock:
            if self._known is None:
                settings = read_settings()
                self._known = settings, Provider(settings.issuer, settings.timeout_seconds)
            return self._known


def _code(query: Mapping[str, str], issuer: str) -> str:
    if "error" in query:
        raise UnauthenticatedError("The sign-in provider did not let you in; begin again.")
    if query.get("iss", issuer) != issuer:
        raise UnauthenticatedError("The answer is of another sign-in provider; begin again.")
    code = query.get("code", "")
    if not 0 < len(code) <= _LONGEST_CODE:
        raise UnauthenticatedError("The sign-in provider sent no code; begin again.")
    return code


def _secret(settings: OidcSettings) -> tuple[str, str] | None:
    """Return name and secret for HTTP Basic, each quoted as RFC 6749, 2.3.1 has it."""
    if not settings.client_secret:
        return None
    return quote(settings.client_id, safe=""), quote(settings.client_secret, safe="")
