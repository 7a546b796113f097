"""Labellers that break a promise of the contract kit, and one that keeps them all."""

from __future__ import annotations

import sys
import threading
from collections import deque
from itertools import count
from types import ModuleType

import pytest

from kodkod.api import Cancelled, Labeller, LabellerSpec, NoParams, Rates, Reply, Span
from kodkod.testing import contract_for
from kodkod.testing.checks import checks_for
from kodkod.testing.subject import Subject

SCHEME_TYPES = ("multiclass", "multilabel", "span")


class Right(Labeller):
    """Says the first label of whatever it is asked."""

    def label(self, questions, task, ctx):
        for question in questions:
            ctx.progress(None, "reading")
            yield self.reply(question, task)

    def reply(self, question, task):
        value = self.value(question, task)
        if value is None:
            return Reply(key=question.key, state="failed", problem="there is no text")
        return Reply(key=question.key, state="answered", value=value, confidence=0.5)

    def value(self, question, task):
        if not question.text:
            return None
        first = task.labels[0]
        return {
            "multiclass": first,
            "multilabel": [first],
            "span": [Span(0, 1, first)],
        }[task.scheme_type]


class Threaded(Right):
    """Reads in a thread of its own, which it ends."""

    def label(self, questions, task, ctx):
        for question in questions:
            said = deque()
            thread = threading.Thread(target=lambda q=question, s=said: s.append(q.text))
            thread.start()
            thread.join()
            ctx.progress(None)
            yield self.reply(question, task)


class Silent(Right):
    def label(self, questions, task, ctx):
        for question in questions:
            if question.text:
                yield self.reply(question, task)


class Repeats(Right):
    def label(self, questions, task, ctx):
        for question in questions:
            yield from [self.reply(question, task)] * 2


class Unchecked(Right):
    def value(self, question, task):
        return {"multiclass": "weather", "multilabel": ["weather", "sport"], "span": []}[
            task.scheme_type
        ]


class SaysNoReason(Right):
    def reply(self, question, task):
        return Reply(key=question.key, state="unparsed", raw="hm")


class TooSure(Right):
    def reply(self, question, task):
        return Reply(key=question.key, state="answered", value=task.labels[0], confidence=1.5)


class Greedy(Right):
    def label(self, questions, task, ctx):
        ahead = deque()
        for question in questions:
            ahead.append(question)
            if len(ahead) > 100:
                yield self.reply(ahead.popleft(), task)
        for question in ahead:
            yield self.reply(question, task)


class LeavesThreads(Right):
    stop = threading.Event()

    def label(self, questions, task, ctx):
        for question in questions:
            threading.Thread(target=self.stop.wait, name="forgotten", daemon=True).start()
            yield self.reply(question, task)


class HoldsOn(Right):
    def label(self, questions, task, ctx):
        for question in questions:
            try:
                ctx.progress(None)
            except Cancelled:
                continue
            yield self.reply(question, task)


class Changes(Right):
    numbers = count()

    def identity(self):
        return {"n": next(self.numbers)}


class Senseless(Right):
    def rates(self):
        return Rates(concurrency=0)


MODULE = ModuleType("tested_labellers")
sys.modules[MODULE.__name__] = MODULE  # Factories are found by name, which tests have none of.


def spec_for(labeller):
    setattr(MODULE, labeller.__name__, labeller)
    return LabellerSpec(
        name=labeller.__name__.lower(),
        title=labeller.__name__,
        summary="For tests",
        factory=f"{MODULE.__name__}:{labeller.__name__}",
        params=NoParams,
        scheme_types=SCHEME_TYPES,
    )


@pytest.fixture(autouse=True)
def ends_forgotten_threads():
    yield
    LeavesThreads.stop.set()
    for thread in threading.enumerate():
        if thread.name == "forgotten":
            thread.join()
    LeavesThreads.stop.clear()


@pytest.mark.parametrize(
    ("labeller", "check", "said"),
    [
        (Silent, "hostile_texts", "one reply to each"),
        (Repeats, "answers_each_question", "one reply to each"),
        (Unchecked, "values_are_of_the_scheme", "canonical"),
        (SaysNoReason, "values_are_of_the_scheme", "says why"),
        (TooSure, "figures_are_plausible", "lie in"),
        (Greedy, "questions_wait", "far ahead"),
        (LeavesThreads, "closing_early_is_clean", "forgotten"),
        (HoldsOn, "can_be_cancelled", "lets Cancelled through"),
        (Changes, "says_what_replies_depend_on", "identity"),
        (Senseless, "says_what_replies_depend_on", "at least one question"),
    ],
)
def test_a_broken_promise_is_caught(labeller, check, said, tmp_path):
    spec = spec_for(labeller)
    (found,) = [each for each in checks_for(spec) if each.__name__ == check]
    with pytest.raises(AssertionError, match=said):
        found(Subject(MODULE.__name__, spec, {}, tmp_path))


HONEST = ModuleType("honest_labellers")
HONEST.API = "2.1"
HONEST.register_components = lambda: [spec_for(Right), spec_for(Threaded)]

test_honest_labellers_pass = contract_for(HONEST)
