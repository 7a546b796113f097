"""An endpoint: what a labeller sends and reads of the protocol that openai's client speaks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2
import msgspec
import openai

from kodkod_genai.guarded_client import Answered, GuardedClient
from kodkod_genai.params import EndpointParams
from kodkod_genai.settings import GenaiSettings

__all__ = ["Endpoint", "UnreadableAnswerError"]

T = TypeVar("T")

_CONNECT_SECONDS = 10.0
_HIDDEN = "[hidden]"
# As OpenAI and others repeat a wrong key: with its middle left out.
_LIKE_A_KEY = re.compile(r"\b(?:sk|pk|rk|key)-[\w*.\-]{6,}")
# openai wants a key and takes one from the environment; the transport puts the right one.
_NO_KEY = "none"


class UnreadableAnswerError(Exception):
    """What came is not what such an endpoint answers."""


class Endpoint:
    """Belongs to one event loop. Leaving it closes every connection.

    openai's client reads what endpoints say of errors. What goes well does not pass through it: to
    prepare a request and to take it apart again it needs as long as all the rest of a call
    together, and its retries, keys, headers and types are not those of a run.
    """

    def __init__(self, params: EndpointParams, settings: GenaiSettings, key: str) -> None:
        self._key = key
        self._base = params.base_url.rstrip("/")
        self._errors = openai.AsyncOpenAI(api_key=_NO_KEY, base_url=params.base_url, max_retries=0)
        self._http = GuardedClient(
            settings,
            # Twice as many: those of calls that are given up are not free at once.
            connections=2 * params.concurrency,
            key=key,
            timeout_s=params.timeout_s,
            connect_s=min(_CONNECT_SECONDS, params.timeout_s),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.__aexit__(kind, error, trace)
        await self._errors.close()

    async def post(self, path: str, body: Mapping[str, Any], answer: type[T], *, key: str) -> T:
        """Send `body` to `path`, below the base URL, and return what is answered.

        `key` lets an endpoint know a call that it has answered already, and not charge it twice.

        Raises:
            openai.APIError: there was no answer, or one that is an error.
            UnreadableAnswerError: the answer is no JSON of this shape.
            UnreadableBodyError: its body cannot be taken.
        """
        url = f"{self._base}{path}"
        came = await self._http.post(url, msgspec.json.encode(body), key=key)
        if not 200 <= came.status < 300:
            raise self._error(url, came)
        try:
            return msgspec.json.decode(came.body, type=answer)
        except msgspec.MsgspecError as error:
            begins = came.body[:80].decode(errors="replace")
            raise UnreadableAnswerError(f"{error}; it begins {begins!r}") from error

    def _error(self, url: str, came: Answered) -> openai.APIStatusError:
        response = httpx2.Response(
            came.status,
            headers=came.headers,
            content=came.body,
            request=httpx2.Request("POST", url),
        )
        return self._errors._make_status_error_from_response(response)

    def hide(self, said: str) -> str:
        """Return what an endpoint said without the API key, or what looks like a part of one."""
        plain = said.replace(self._key, _HIDDEN) if self._key else said
        return _LIKE_A_KEY.sub(_HIDDEN, plain)
