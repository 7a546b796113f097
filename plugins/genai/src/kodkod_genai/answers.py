"""From a question to its reply: samples, one repair of each, and a vote."""

from __future__ import annotations

import asyncio

from msgspec import Struct

from kodkod.api import (
    ASSUMED_PARAMETERS_B,
    Answer,
    InvalidValueError,
    LabelTask,
    Message,
    Question,
    Reply,
    answer_rules,
    read_answer,
    vote,
    wh_per_read,
    wh_per_written,
)
from kodkod_genai.adapters import Adapter, Asked, Said
from kodkod_genai.calls import Caller, CallFailedError, Tally
from kodkod_genai.params import EndpointParams
from kodkod_genai.way import Way

__all__ = ["Answerer"]

_MILLION = 1e6
_SHOWN_RAW = 4_000


class _Sample(Struct, frozen=True, kw_only=True):
    """What one sample came to: an answer, or what was said instead and why that is none."""

    answer: Answer | None = None
    said: Said | None = None
    problem: str = ""


class Answerer:
    """Answers questions in a way that may change."""

    def __init__(self, way: Way, caller: Caller, params: EndpointParams) -> None:
        self._way = way
        self._caller = caller
        self._params = params

    async def answer(self, question: Question) -> Reply:
        """Return the reply to a question; one that cannot be answered says why.

        Raises:
            KodkodError: no question can be answered.
        """
        tally = Tally()
        # A decision is the same each time.
        n = 1 if self._way.adapter.decides else self._params.samples
        if n == 1:
            return self._reply(question, [await self._sample(question, 0, tally)], tally)
        tries = [asyncio.ensure_future(self._sample(question, i, tally)) for i in range(n)]
        try:
            samples = await asyncio.gather(*tries)
        finally:
            for each in tries:
                each.cancel()
        return self._reply(question, samples, tally)

    async def _sample(self, question: Question, number: int, tally: Tally) -> _Sample:
        adapter = self._way.adapter
        try:
            first = await self._ask(adapter, question, number, (), tally)
            # Whoever refused or was cut off would do so again, and be paid for it.
            if first.answer is not None or adapter.decides or (first.said and first.said.problem):
                return first
            return await self._ask(
                adapter, question, number, _repair(adapter.task, first), tally, turn="-again"
            )
        except CallFailedError as error:
            return _Sample(problem=str(error))

    async def _ask(
        self,
        adapter: Adapter,
        question: Question,
        number: int,
        more: tuple[Message, ...],
        tally: Tally,
        turn: str = "",
    ) -> _Sample:
        """Make a call, and read what was said."""
        seed = self._params.seed
        asked = Asked(
            messages=(*question.messages, *more),
            seed=None if seed is None else (seed + number) % 2**31,
            # The same for the same call, whichever run makes it: who knows it charges once.
            key=f"{question.key}-{number}{turn}",
        )
        said = await self._caller.call(lambda: adapter.ask(asked), tally)
        self._caller.count(said.usage, tally)
        self._way.note(adapter, said)
        if said.problem:
            # What was cut off may end in a whole object by chance, and is no answer.
            return _Sample(said=said, problem=said.problem)
        try:
            return _Sample(said=said, answer=_read(adapter.task, said, question.text))
        except InvalidValueError as error:
            return _Sample(said=said, problem=error.message)

    def _reply(self, question: Question, samples: list[_Sample], tally: Tally) -> Reply:
        taken = {
            "tokens_in": tally.tokens_in,
            "tokens_out": tally.tokens_out,
            "calls": tally.calls,
            "seconds": tally.seconds,
            "cost": self._cost(tally),
            "wh": self._wh(tally),
        }
        answers = [sample.answer for sample in samples if sample.answer is not None]
        if not answers:
            heard = next((sample for sample in samples if sample.said is not None), samples[0])
            return Reply(
                key=question.key,
                state="failed" if heard.said is None else "unparsed",
                raw="" if heard.said is None else self._raw(heard.said),
                problem=heard.problem,
                **taken,
            )
        chosen = vote(answers, of=len(samples))
        (first, *_) = chosen.agreeing or answers
        said = next(each.said for each in samples if each.answer is first and each.said)
        alone = len(samples) == 1
        return Reply(
            key=question.key,
            state="answered",
            value=chosen.value,
            confidence=said.confidence if alone else chosen.confidence,
            probabilities=said.probabilities if alone else None,
            justification=first.justification,
            raw=self._raw(said),
            **taken,
        )

    def _raw(self, said: Said) -> str:
        return self._way.adapter.endpoint.hide(said.raw)

    def _cost(self, tally: Tally) -> float | None:
        params = self._params
        if params.price_in is None or params.price_out is None:
            return None
        spent = tally.tokens_in * params.price_in + tally.tokens_out * params.price_out
        return spent / _MILLION

    def _wh(self, tally: Tally) -> float:
        """Return an estimate: what a token takes elsewhere nobody can measure from here."""
        billions = self._params.parameters_b or ASSUMED_PARAMETERS_B
        read, written = wh_per_read(billions), wh_per_written(billions)
        return tally.tokens_in * read + tally.tokens_out * written


def _read(task: LabelTask, said: Said, text: str) -> Answer:
    if said.value is not None:
        return Answer(value=task.check(said.value, text))
    if not said.content:
        raise InvalidValueError("The answer is empty.", field="value")
    return read_answer(task, said.content, text)


def _repair(task: LabelTask, sample: _Sample) -> tuple[Message, ...]:
    """Return what the model said, and why that is no answer."""
    told = f"That answer cannot be used: {sample.problem} {answer_rules(task)}"
    raw = sample.said.raw[:_SHOWN_RAW] if sample.said is not None else ""
    said = (Message("assistant", raw),) if raw else ()
    return (*said, Message("user", told))
