"""ID tokens: who signed them, for whom, when, and in answer to which question."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from kodkod.api import UnauthenticatedError
from kodkod_oidc.provider import Provider

__all__ = ["verified_claims"]

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Signatures only: `none` is no signature, and HMAC would take a public key for a secret."""


def verified_claims(
    token: str,
    provider: Provider,
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    leeway: int,
    clock: Callable[[], float] = time.time,
) -> Mapping[str, Any]:
    """Return the claims of an ID token that holds (OpenID Connect Core 1.0, 3.1.3.7).

    A key that is not known is asked for once: the provider may have changed its keys.

    Raises:
        UnauthenticatedError: it does not hold; the message says what, without the token.
        UnavailableError: the provider's keys cannot be had.
    """
    try:
        decoded = _decoded(token, provider)
        rules = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=leeway,
            iss={"essential": True, "value": issuer},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        rules.validate(decoded.claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _unproven(f"its ID token does not hold ({_said(error)})") from error
    claims = decoded.claims
    _check_audience(claims, client_id)
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise _unproven("its ID token answers another question")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= _LONGEST_SUBJECT:
        raise _unproven("its ID token names nobody")
    return claims


_LONGEST_SUBJECT = 1024


def _decoded(token: str, provider: Provider) -> jwt.Token:
    keys: KeySet = provider.keys()
    try:
        return jwt.decode(token, keys, algorithms=_ALGORITHMS)
    except (InvalidKeyIdError, ValueError):
        return jwt.decode(token, provider.keys(fresh=True), algorithms=_ALGORITHMS)


def _check_audience(claims: Mapping[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or client_id not in audiences:
        raise _unproven("its ID token is for somebody else")
    authorized = claims.get("azp")
    if (len(audiences) > 1 or authorized is not None) and authorized != client_id:
        raise _unproven("its ID token was given to somebody else")


def _said(error: Exception) -> str:
    return "expired" if isinstance(error, ExpiredTokenError) else type(error).__name__


def _unproven(what: str) -> UnauthenticatedError:
    return UnauthenticatedError(f"The sign-in provider proves nothing: {what}. Begin again.")
