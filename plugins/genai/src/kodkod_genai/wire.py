"""What endpoints answer, as far as it is read: checked, where openai's own types are not."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

__all__ = [
    "Choice",
    "ChoiceAnswer",
    "Completion",
    "Decided",
    "PredicateAnswer",
    "RefusalAnswer",
    "SystemOne",
    "TokenLogprob",
]


class TokenLogprob(Struct, frozen=True):
    """A token that was written, and the logarithm of its probability."""

    token: str
    logprob: float


class Logprobs(Struct, frozen=True):
    """Of each token of an answer, where the endpoint gives them."""

    content: list[TokenLogprob] | None = None


class FunctionCall(Struct, frozen=True):
    """A call of a tool. Most endpoints give the arguments as JSON in a string."""

    name: str = ""
    arguments: str | dict[str, Any] = ""


class ToolCall(Struct, frozen=True):
    """A tool call, perhaps of another kind than a function."""

    function: FunctionCall | None = None


class ChatMessage(Struct, frozen=True):
    """What was said; Mistral's reasoning models say it in parts."""

    content: str | list[dict[str, Any]] | None = None
    refusal: str | None = None
    tool_calls: list[ToolCall] | None = None

    @property
    def text(self) -> str:
        """All that was said, in one."""
        if isinstance(self.content, list):
            parts = (part.get("text") for part in self.content if part.get("type") == "text")
            return "".join(part for part in parts if isinstance(part, str))
        return self.content or ""


class Choice(Struct, frozen=True):
    """One answer, and why it ended."""

    message: ChatMessage
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class Usage(Struct, frozen=True):
    """Tokens of a call, by the names of chat completions or those of decisions."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None

    @property
    def read(self) -> int:
        """Tokens in."""
        return max(0, self.prompt_tokens or self.input_tokens or 0)

    @property
    def written(self) -> int:
        """Tokens out."""
        return max(0, self.completion_tokens or self.output_tokens or 0)


class Completion(Struct, frozen=True):
    """`/v1/chat/completions`."""

    choices: list[Choice]
    usage: Usage | None = None


class LabelProbability(Struct, frozen=True):
    """How probable a choice is."""

    value: str | bool
    probability: float


class ChoiceAnswer(Struct, frozen=True, tag="choice", tag_field="type"):
    """Of several choices."""

    probabilities: list[LabelProbability]


class PredicateAnswer(Struct, frozen=True, tag="predicate", tag_field="type"):
    """Of a statement that is true or not."""

    probability: float


class RefusalAnswer(Struct, frozen=True, tag="refusal", tag_field="type"):
    """The model does not say."""


class Decided(Struct, frozen=True):
    """`/v1/decisions`: answers in the order of the questions."""

    answers: list[ChoiceAnswer | PredicateAnswer | RefusalAnswer]
    usage: Usage | None = None


class SystemOneAnswer(Struct, frozen=True):
    """Of one question: `probabilities` of a choice, or `noul`, how probable a yes is."""

    probabilities: dict[str, float] | None = None
    noul: float | None = None


class SystemOne(Struct, frozen=True):
    """`/v1/systemone`: answers by the names of the questions."""

    answers: dict[str, SystemOneAnswer]
    usage: Usage | None = None
