"""Labellers: what answers a question about a text in words or numbers, such as an LLM."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct

from kodkod.api.components import Component, P
from kodkod.api.context import JobContext
from kodkod.api.specs import ComponentSpec
from kodkod.api.values import Value

__all__ = [
    "LabelTask",
    "Labeller",
    "LabellerSpec",
    "Message",
    "Question",
    "Rates",
    "Reply",
]


class Message(Struct, frozen=True):
    """A turn of a conversation, as chat models read it."""

    role: Literal["system", "user", "assistant"]
    content: str


class Question(Struct, frozen=True, kw_only=True):
    """What is asked of one text.

    `key` is the same for the same question: a digest of all that the reply depends on. `text` is
    the text itself, which spans are located in; `messages` have it where the prompt puts it.
    """

    key: str
    text: str
    messages: tuple[Message, ...]


class LabelTask(Struct, frozen=True, kw_only=True):
    """What a reply may be.

    `scheme_type` is one of those that the labeller's spec names; `descriptions[i]` says what
    `labels[i]` means, and may be empty. With `justify` a reply says in a sentence why. `check`
    returns a value of the text in canonical form, or raises InvalidValueError with the reason,
    which is what a model that is asked once more is told.
    """

    scheme_type: str
    labels: tuple[str, ...]
    descriptions: tuple[str, ...]
    check: Callable[[object, str], Value]
    justify: bool = False


class Reply(Struct, frozen=True, kw_only=True):
    """What a labeller says to one question.

    - `state`: `answered`, with a `value` that the task's `check` has passed; `unparsed`, where
      something was said that is no value (`raw` has it, `problem` the reason); `failed`, where
      nothing was said (`problem` says why). A value is never guessed.
    - `confidence` is in [0, 1]: the value's probability, or the share of samples that agree.
      `probabilities` go by the task's labels; None where the labeller has none.
    - `tokens_in`, `tokens_out`, `calls`, `seconds`, `cost` and `wh` are of all calls together,
      retries and samples among them. `cost` is in the currency of `Rates`; None: not known.
      `wh` is what was spent elsewhere, for the job's own energy is metered; None: not known.
    """

    key: str
    state: Literal["answered", "unparsed", "failed"]
    value: Value | None = None
    confidence: float | None = None
    probabilities: tuple[float, ...] | None = None
    justification: str = ""
    raw: str = ""
    problem: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    calls: int = 1
    seconds: float = 0.0
    cost: float | None = None
    wh: float | None = None


class Rates(Struct, frozen=True, kw_only=True):
    """What a labeller takes, as far as its params say; what is not known is None.

    Prices are of a million tokens. `wh_per_read` and `wh_per_written` are of one token, and spent
    elsewhere. `seconds_per_call` is a first guess, until replies tell.
    """

    currency: str = "USD"
    price_in: float | None = None
    price_out: float | None = None
    wh_per_read: float | None = None
    wh_per_written: float | None = None
    seconds_per_call: float | None = None
    concurrency: int = 1
    samples: int = 1
    characters_per_token: float = 4.0


class LabellerSpec(ComponentSpec, frozen=True):
    """Texts, prompt and scheme to values.

    `remote` says that texts leave the installation, which whoever starts it is told.
    """

    kind: ClassVar[str] = "labeller"

    scheme_types: tuple[str, ...]
    remote: bool = False


class Labeller(Component[P]):
    """Answers questions about texts."""

    @abstractmethod
    def label(
        self, questions: Iterator[Question], task: LabelTask, ctx: JobContext
    ) -> Iterator[Reply]:
        """Yield one reply to each question, in any order, each as soon as it is there.

        `questions` is pulled from only as fast as they are asked. Each reply is stored before the
        next is taken. A question that cannot be answered gets a reply that says so; what stops
        all of them (no such model, a wrong key) is raised. Whoever reads may stop early: calls
        under way are then given up. While nothing comes, call `ctx.progress` once a second, so
        that a cancellation is heard.

        Raises:
            InvalidInputError: the params do not fit; the message has the remedy.
            UnavailableError: nobody answers.
        """

    def identity(self) -> dict[str, Any]:
        """Return what replies depend on: the params, without those that only say how fast.

        Replies are kept by it and by the question: nothing is paid twice.
        """
        return msgspec.to_builtins(self.params)

    def rates(self) -> Rates:
        """Return what a plan reckons with."""
        return Rates()
