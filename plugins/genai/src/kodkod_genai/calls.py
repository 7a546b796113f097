"""Calls that are tried again where that can help, and end a run where nothing can."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn, TypeVar

import openai
from msgspec import Struct

from kodkod.api import InvalidInputError
from kodkod_genai.addresses import AddressRefusedError
from kodkod_genai.endpoint import UnreadableAnswerError
from kodkod_genai.guarded_client import UnreadableBodyError
from kodkod_genai.pace import Pace, backoff
from kodkod_genai.wire import Usage

__all__ = ["CallFailedError", "Caller", "Tally", "retry_after"]

T = TypeVar("T")

_RATE_LIMITED_MOST = 50
_REFUSED_MOST = 20
_AGAIN = frozenset({408, 409, 425})
_LONGEST_REASON = 300


class CallFailedError(Exception):
    """A question cannot be answered; the message says why. Other questions may be."""


class Tally(Struct):
    """What calls took together: of one question, or of a run."""

    calls: int = 0
    seconds: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0


class Caller:
    """Makes the calls of a run: in its pace, with its time-out and its retries.

    `hide` takes out of what endpoints say what nobody is to read. `total` and `retried` are of
    the whole run.
    """

    def __init__(
        self, pace: Pace, *, timeout_s: float, retries: int, hide: Callable[[str], str]
    ) -> None:
        self.pace = pace
        self.total = Tally()
        self.retried = 0
        self.timeout_s = timeout_s
        self._retries = retries
        self._hide = hide
        self._refused = 0

    async def call(
        self, send: Callable[[], Awaitable[T]], tally: Tally, retries: int | None = None
    ) -> T:
        """Return what `send` gives; it is called again where it fails by chance.

        To be told to slow down is no failure, and another try is made when the pause is over.

        Raises:
            CallFailedError: it failed for good, or too often.
            KodkodError: no question can be answered: a wrong key, no such model, or nobody there.
        """
        most = self._retries if retries is None else retries
        tries = limited = 0
        while True:
            try:
                return await self._once(send, tally)
            except _LimitedError as error:
                limited += 1
                if limited > _RATE_LIMITED_MOST:
                    raise CallFailedError(f"too many requests, for too long: {error}") from None
            except _AgainError as error:
                tries += 1
                if tries > most:
                    raise CallFailedError(str(error)) from None
                await asyncio.sleep(backoff(tries))
            self.retried += 1

    def count(self, usage: Usage, tally: Tally) -> None:
        """Count the tokens of a call, for its question and for the run."""
        for each in (tally, self.total):
            each.tokens_in += usage.read
            each.tokens_out += usage.written

    async def _once(self, send: Callable[[], Awaitable[T]], tally: Tally) -> T:
        async with self.pace.turn() as began:
            try:
                with self._timed(tally):
                    async with asyncio.timeout(self.timeout_s):
                        answer = await send()
            except (TimeoutError, openai.APITimeoutError):
                self._fail(f"no answer within {self.timeout_s:g} s", began)
            except UnreadableBodyError as error:
                raise CallFailedError(str(error)) from None
            except openai.APIConnectionError as error:
                self._of_connection(error, began)
            except openai.APIStatusError as error:
                self._of_status(error, began)
            except (UnreadableAnswerError, openai.OpenAIError) as error:
                self._fail(f"the answer cannot be read: {self._short(error)}", began)
        self._refused = 0
        self.pace.succeeded()
        return answer

    @contextmanager
    def _timed(self, tally: Tally) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            for each in (tally, self.total):
                each.calls += 1
                each.seconds += time.perf_counter() - started

    def _fail(self, why: str, began: float) -> NoReturn:
        self.pace.failed(why, began)
        raise _AgainError(why) from None

    def _of_connection(self, error: openai.APIConnectionError, began: float) -> NoReturn:
        """Find what is under a connection error: a refused address must not look like a failure."""
        inner: BaseException | None = error
        while inner is not None:
            if isinstance(inner, AddressRefusedError):
                raise inner
            inner = inner.__cause__ or inner.__context__
        why = self._short(error.__cause__ or error)
        self._fail(f"the endpoint cannot be reached, or hung up: {why}", began)

    def _of_status(self, error: openai.APIStatusError, began: float) -> NoReturn:
        """Say what an HTTP status means: another try, this question's end, or the run's."""
        status, why = error.status_code, self._reason(error)
        wait = retry_after(error.response.headers.get("retry-after"))
        if status == 429:
            if _is_spent(error):
                raise InvalidInputError(
                    f"The endpoint says that the account has no credit left ({why}); pay for "
                    "more, or raise its limit."
                ) from None
            self.pace.slow_down(wait)
            raise _LimitedError(why) from None
        if status >= 500 or status in _AGAIN:
            if wait is not None:
                self.pace.slow_down(wait)
            self._fail(f"the endpoint answered {status}: {why}", began)
        # It is there: what it refuses is a matter of the question or of who asks.
        self.pace.succeeded()
        if ends := _end_of_run(status, why):
            raise ends from None
        self._refuse(f"the endpoint refused the question ({status}: {why})")

    def _refuse(self, why: str) -> NoReturn:
        self._refused += 1
        if self._refused >= _REFUSED_MOST:
            raise InvalidInputError(
                f"{self._refused} questions in a row came to nothing, the last one because "
                f"{why}. Change the labeller's params, or the prompt, by what the endpoint says."
            ) from None
        raise CallFailedError(why) from None

    def _reason(self, error: openai.APIStatusError) -> str:
        body: Any = error.body
        said = body.get("message") if isinstance(body, dict) else None
        text = said if isinstance(said, str) else error.response.text
        return self._hide(text.strip())[:_LONGEST_REASON] or "no reason given"

    def _short(self, error: BaseException) -> str:
        said = str(error).strip() or type(error).__name__
        return self._hide(said)[:_LONGEST_REASON]


class _AgainError(Exception):
    """A call failed by what may be another way the next time."""


class _LimitedError(Exception):
    """A call was not heard, for there are too many."""


def retry_after(header: str | None) -> float | None:
    """Return the seconds that a Retry-After header names, as a number or by a date (RFC 9110).

    None where there is none, or it makes no sense.
    """
    try:
        seconds = float(header or "nan")
    except ValueError:
        try:
            then = parsedate_to_datetime(header or "")
        except ValueError:
            return None
        then = then if then.tzinfo else then.replace(tzinfo=UTC)
        seconds = (then - datetime.now(UTC)).total_seconds()
    return max(seconds, 0.0) if abs(seconds) < float("inf") else None


def _end_of_run(status: int, why: str) -> InvalidInputError | None:
    """Return what a status says of every question that would be asked, if it does."""
    if status in {401, 403}:
        return InvalidInputError(
            f"The endpoint does not accept the API key ({status}: {why}). Store the right one as "
            "a secret of the project, and name it in the labeller's params.",
            field="secret",
        )
    if status == 402:
        return InvalidInputError(f"The endpoint wants to be paid first ({why}).")
    if status == 404:
        return InvalidInputError(
            f"The endpoint has no such model or address (404: {why}). Look at the model's name, "
            "and whether the address ends as it should, mostly in /v1.",
            field="model",
        )
    if 300 <= status < 400:
        # It may lead to where nobody has checked.
        return InvalidInputError(
            f"The address leads to another one ({status}), and that is not followed; write the "
            "other one.",
            field="base_url",
        )
    return None


def _is_spent(error: openai.APIStatusError) -> bool:
    body: Any = error.body
    return isinstance(body, dict) and body.get("code") == "insufficient_quota"
