"""The labeller: questions in, replies out, as many at once as the endpoint bears."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any

from kodkod.api import (
    ASSUMED_PARAMETERS_B,
    InvalidInputError,
    JobContext,
    Labeller,
    LabelTask,
    Question,
    Rates,
    Reply,
    read_section,
    wh_per_read,
    wh_per_written,
)
from kodkod_genai.addresses import check_url
from kodkod_genai.params import EndpointParams
from kodkod_genai.session import Session
from kodkod_genai.settings import SECTION, GenaiSettings

__all__ = ["EndpointLabeller"]

_BEAT_SECONDS = 1.0


class EndpointLabeller(Labeller[EndpointParams]):
    """Asks an OpenAI-compatible endpoint."""

    def label(
        self, questions: Iterator[Question], task: LabelTask, ctx: JobContext
    ) -> Iterator[Reply]:
        """Yield the replies as they come.

        Raises:
            InvalidInputError: the address is not allowed, the key is refused, the model unknown.
            UnavailableError: the endpoint does not answer.
        """
        params = self.params
        settings = read_section(SECTION, GenaiSettings)
        check_url(params.base_url, settings)
        if params.samples > 1 and params.temperature == 0:
            raise InvalidInputError(
                "Several samples at temperature 0 are as good as one, and cost more; give a "
                "temperature, such as 0.7, or ask for one sample.",
                field="samples",
            )
        key = ctx.artefacts.secret(params.secret, params.base_url) if params.secret else ""
        first = next(questions, None)
        if first is None:
            return
        if key and params.base_url.lower().startswith("http:"):
            ctx.log("The API key goes over a connection that is not encrypted.")
        with Session(params, task, settings, key, ctx.log) as session:
            beat = _Beat(ctx, session, params.parameters_b)
            while not session.is_open:
                session.next(_BEAT_SECONDS)
                beat.perhaps()
            yield from _replies(session, chain([first], questions), beat, params.samples)

    def identity(self) -> dict[str, Any]:
        """Return what replies depend on."""
        return self.params.identity()

    def rates(self) -> Rates:
        """Return what a plan reckons with."""
        params = self.params
        billions = params.parameters_b or ASSUMED_PARAMETERS_B
        return Rates(
            currency=params.currency,
            price_in=params.price_in,
            price_out=params.price_out,
            concurrency=params.concurrency,
            samples=params.samples,
            wh_per_read=wh_per_read(billions),
            wh_per_written=wh_per_written(billions),
        )


def _replies(
    session: Session, questions: Iterator[Question], beat: _Beat, samples: int
) -> Iterator[Reply]:
    under_way, more = 0, True
    while True:
        while more and (under_way == 0 or under_way < _wanted(session, samples)):
            question = next(questions, None)
            if question is None:
                more = False
                break
            session.submit(question)
            under_way += 1
        if not under_way:
            beat.now()
            return
        reply = session.next(_BEAT_SECONDS)
        beat.perhaps()
        if reply is not None:
            under_way -= 1
            yield reply


def _wanted(session: Session, samples: int) -> int:
    # Some wait for their turn where the calls are made, so that none waits for this thread.
    limit = session.pace.limit
    return math.ceil(2 * limit / samples)


class _Beat:
    """Tells how it goes, once a second, whereby a cancellation is heard.

    The tokens are what the energy of calls is estimated from.
    """

    def __init__(self, ctx: JobContext, session: Session, parameters_b: float | None) -> None:
        self._ctx = ctx
        self._session = session
        self._size = {} if parameters_b is None else {"remote_parameters_b": parameters_b}
        self._last = time.monotonic()

    def perhaps(self) -> None:
        """Tell it, where the last time is a second ago."""
        if time.monotonic() - self._last >= _BEAT_SECONDS:
            self.now()

    def now(self) -> None:
        """Tell it."""
        self._last = time.monotonic()
        said = "" if self._session.is_open else "finding out how to ask"
        self._ctx.progress(None, said, **self._session.figures(), **self._size)
