"""The provider as it describes itself: its addresses and its keys, asked for and remembered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
from joserfc.jwk import KeySet
from msgspec import Struct

from kodkod.api import UnavailableError

__all__ = ["Metadata", "Provider"]

_LONGEST_ANSWER = 1 << 20
_METADATA_SECONDS = 3600.0
_KEYS_SECONDS = 600.0


class Metadata(Struct, frozen=True):
    """What is needed of a discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Provider:
    """Asks the issuer that the settings name, and the addresses that it names itself.

    Nothing that a user sends leads to a request. Redirects are not followed.
    """

    def __init__(
        self, issuer: str, timeout: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer = issuer
        self._timeout = timeout
        self._clock = clock
        self._lock = threading.Lock()
        self._metadata: tuple[float, Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def metadata(self) -> Metadata:
        """Return the addresses, an hour old at the most.

        Raises:
            UnavailableError: the provider does not answer, or not as it must.
        """
        with self._lock:
            if self._metadata is None or self._metadata[0] <= self._clock():
                self._metadata = (self._clock() + _METADATA_SECONDS, self._discover())
            return self._metadata[1]

    def keys(self, *, fresh: bool = False) -> KeySet:
        """Return the keys that ID tokens are signed with; `fresh` asks the provider in any case.

        Raises:
            UnavailableError: the provider does not answer, or not as it must.
        """
        url = self.metadata().jwks_uri
        with self._lock:
            if fresh or self._keys is None or self._keys[0] <= self._clock():
                self._keys = (self._clock() + _KEYS_SECONDS, self._fetch_keys(url))
            return self._keys[1]

    def redeem(self, form: dict[str, str], secret: tuple[str, str] | None) -> dict[str, Any]:
        """Exchange a code; return the token endpoint's answer, which may be an error.

        Raises:
            UnavailableError: the provider does not answer, or not as it must.
        """
        return self._ask("POST", self.metadata().token_endpoint, form, secret)

    def _discover(self) -> Metadata:
        url = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            found = msgspec.convert(self._ask("GET", url), Metadata)
        except msgspec.ValidationError as error:
            raise _unavailable(url, f"is not a provider's description ({error})") from error
        if found.issuer != self._issuer:
            raise _unavailable(url, f"says that it is {found.issuer!r}, not {self._issuer!r}")
        for each in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            # A provider in the clear is for trying out on one machine.
            if not each.startswith(("https://", f"{self._issuer.partition('://')[0]}://")):
                raise _unavailable(url, f"names {each!r}, which is not under https")
        return found

    def _fetch_keys(self, url: str) -> KeySet:
        try:
            return KeySet.import_key_set(self._ask("GET", url))  # type: ignore[arg-type]
        except (ValueError, KeyError, TypeError) as error:
            raise _unavailable(url, f"has no keys that can be read ({error})") from error

    def _ask(
        self,
        method: str,
        url: str,
        form: dict[str, str] | None = None,
        secret: tuple[str, str] | None = None,
    ) -> dict[str, Any]:
        try:
            with (
                httpx.Client(timeout=self._timeout, follow_redirects=False) as client,
                client.stream(method, url, data=form, auth=secret) as answer,
            ):
                body = _read(answer, url)
        except httpx.HTTPError as error:
            raise _unavailable(url, f"does not answer ({type(error).__name__})") from error
        # An error of the token endpoint is said with 400 or 401, in JSON as well.
        if answer.status_code not in (200, 400, 401):
            raise _unavailable(url, f"answers {answer.status_code}")
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise _unavailable(url, "does not answer in JSON") from error


def _read(answer: httpx.Response, url: str) -> bytes:
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > _LONGEST_ANSWER:
            raise _unavailable(url, "answers without end")
    return bytes(body)


def _unavailable(url: str, what: str) -> UnavailableError:
    return UnavailableError(
        f"The sign-in provider's {url} {what}. Try again later; if it stays so, tell the "
        "administrator."
    )
