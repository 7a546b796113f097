"""What an adapter is asked, and what it gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec import Struct

from kodkod.api import LabelTask, Message
from kodkod_genai.endpoint import Endpoint
from kodkod_genai.params import EndpointParams
from kodkod_genai.wire import Usage

__all__ = ["Adapter", "Asked", "Said"]


class Asked(Struct, frozen=True, kw_only=True):
    """One call: the turns to send, and under which key it is known to be the same call again."""

    messages: tuple[Message, ...]
    seed: int | None
    key: str


class Said(Struct, frozen=True, kw_only=True):
    """What came back.

    `content` is to be read by `read_answer`. Where an endpoint decides by itself there is
    nothing to read: `value` is what it chose and `probabilities` go by the task's labels.
    `problem` says why there is no answer, and will be none if the same is asked again: it was
    refused, or cut off. `raw` is what was said.
    """

    raw: str
    content: str | Mapping[str, Any] | None = None
    value: str | list[str] | None = None
    probabilities: tuple[float, ...] | None = None
    confidence: float | None = None
    problem: str = ""
    usage: Usage = Usage()


class Adapter(ABC):
    """A way to ask.

    `decides` says that answers are probabilities, which nobody can read wrongly, and which are
    the same however often they are asked for. `held` says that answers are held to a schema, if
    the endpoint does what it is told.
    """

    name: ClassVar[str]
    decides: ClassVar[bool] = False
    held: ClassVar[bool] = False

    def __init__(self, endpoint: Endpoint, params: EndpointParams, task: LabelTask) -> None:
        self.endpoint = endpoint
        self.params = params
        self.task = task

    @classmethod
    def fits(cls, task: LabelTask) -> bool:
        """Tell whether such answers can be asked for this way at all."""
        return True

    @abstractmethod
    async def ask(self, asked: Asked) -> Said:
        """Make one call.

        Raises:
            openai.APIError: there was no answer, or one that is an error.
            UnreadableAnswerError: the answer is not what such an endpoint gives.
        """
