"""An endpoint: the openai client, cut down to what a labeller sends and reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2
import msgspec
import openai

from kodkod_genai.guarded_client import GuardedClient
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
# Of no use to anybody here, and not sent in any case; each takes its time to be put together.
_OMITTED = {
    f"X-Stainless-{name}": openai.Omit()
    for name in (
        *("Arch", "Async", "Lang", "OS", "Package-Version", "Read-Timeout", "Retry-Count"),
        *("Runtime", "Runtime-Version"),
    )
}


class UnreadableAnswerError(Exception):
    """What came is not what such an endpoint answers."""


class Endpoint:
    """Belongs to one event loop. Leaving it closes every connection."""

    def __init__(self, params: EndpointParams, settings: GenaiSettings, key: str) -> None:
        self._key = key
        # A whole address is put together in a third of the time that a relative one takes.
        self._base = params.base_url.rstrip("/")
        timeout = httpx2.Timeout(params.timeout_s, connect=min(_CONNECT_SECONDS, params.timeout_s))
        self._client = openai.AsyncOpenAI(
            api_key=_NO_KEY,
            base_url=params.base_url,
            max_retries=0,
            timeout=timeout,
            http_client=GuardedClient(
                settings,
                # Twice as many: those of calls that are given up are not free at once.
                connections=2 * params.concurrency,
                key=key,
                timeout=timeout,
            ),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()

    async def post(self, path: str, body: Mapping[str, Any], answer: type[T], *, key: str) -> T:
        """Send `body` to `path`, below the base URL, and return what is answered.

        `key` lets an endpoint know a call that it has answered already, and not charge it twice.

        Raises:
            openai.APIError: there was no answer, or one that is an error.
            UnreadableAnswerError: the answer is no JSON of this shape.
        """
        response = await self._client.post(
            f"{self._base}{path}",
            cast_to=httpx2.Response,
            # As bytes, which the client sends as they are: it would copy what is in a body twice.
            content=msgspec.json.encode(body),
            options={
                "headers": {
                    **_OMITTED,
                    "Content-Type": "application/json",
                    "Idempotency-Key": key,
                }
            },
        )
        try:
            return msgspec.json.decode(response.content, type=answer)
        except msgspec.MsgspecError as error:
            raise UnreadableAnswerError(f"{error}; it begins {response.text[:80]!r}") from error

    def hide(self, said: str) -> str:
        """Return what an endpoint said without the API key, or what looks like a part of one."""
        plain = said.replace(self._key, _HIDDEN) if self._key else said
        return _LIKE_A_KEY.sub(_HIDDEN, plain)
