"""Chat completions: held to a JSON Schema, by a tool's parameters, or read from words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import openai

from kodkod.api import Message, answer_rules, answer_schema
from kodkod_genai.adapters.said import Adapter, Asked, Said
from kodkod_genai.certainty import label_certainty
from kodkod_genai.endpoint import UnreadableAnswerError
from kodkod_genai.wire import ChatMessage, Choice, Completion, Usage

__all__ = ["ParseAdapter", "SchemaAdapter", "ToolsAdapter"]

_TOOL = "answer"
_NEWER_LIMIT = "max_completion_tokens"


class _ChatAdapter(Adapter):
    """What the three have in common."""

    _limit = "max_tokens"

    @cached_property
    def extra(self) -> dict[str, Any]:
        """What this way adds to each request."""
        return {}

    def turns(self, asked: Asked) -> Sequence[Message]:
        """Return the turns to send."""
        return asked.messages

    def content(self, message: ChatMessage) -> str | dict[str, Any]:
        """Return what is to be read of the message that came back."""
        return message.text

    async def ask(self, asked: Asked) -> Said:
        """Ask, and see whether it was answered to the end."""
        try:
            done = await self._post(asked)
        except openai.BadRequestError as error:
            # OpenAI's reasoning models know the limit by another name, and others not by that.
            if self._limit == _NEWER_LIMIT or _NEWER_LIMIT not in str(error):
                raise
            self._limit = _NEWER_LIMIT
            done = await self._post(asked)
        if not done.choices:
            raise UnreadableAnswerError("there are no choices in it")
        choice = done.choices[0]
        content = self.content(choice.message)
        return Said(
            raw=content if isinstance(content, str) else str(content),
            content=content,
            problem=_problem(choice),
            confidence=self._certainty(choice, content),
            usage=done.usage or Usage(),
        )

    async def _post(self, asked: Asked) -> Completion:
        body = {
            **self._sampling(asked),
            **self.extra,
            **self.params.extra_body,
            "model": self.params.model,
            "messages": [
                {"role": turn.role, "content": turn.content} for turn in self.turns(asked)
            ],
        }
        return await self.endpoint.post("/chat/completions", body, Completion, key=asked.key)

    def _sampling(self, asked: Asked) -> dict[str, Any]:
        given = {
            "temperature": self.params.temperature,
            "top_p": self.params.top_p,
            "seed": asked.seed,
            self._limit: self.params.max_tokens,
            "logprobs": True if self._weighs() else None,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _weighs(self) -> bool:
        return self.params.logprobs and self.task.scheme_type == "multiclass"

    def _certainty(self, choice: Choice, content: str | dict[str, Any]) -> float | None:
        if not (self._weighs() and isinstance(content, str) and choice.logprobs):
            return None
        return label_certainty(content, choice.logprobs.content or [])


class SchemaAdapter(_ChatAdapter):
    """Structured outputs: the endpoint lets the model write nothing but what the schema allows."""

    name = "schema"
    held = True

    @cached_property
    def extra(self) -> dict[str, Any]:
        """The schema that it is held to."""
        schema = {"name": _TOOL, "strict": True, "schema": answer_schema(self.task)}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}


class ToolsAdapter(_ChatAdapter):
    """A tool call whose parameters are the answer."""

    name = "tools"
    held = True

    @cached_property
    def extra(self) -> dict[str, Any]:
        """One tool, and that it is to be called."""
        tool = {
            "name": _TOOL,
            "description": "Give the answer.",
            "parameters": answer_schema(self.task),
            "strict": True,
        }
        return {
            "tools": [{"type": "function", "function": tool}],
            "tool_choice": {"type": "function", "function": {"name": _TOOL}},
        }

    def content(self, message: ChatMessage) -> str | dict[str, Any]:
        """Return the arguments of the call; a model that wrote them instead is read as well."""
        for call in message.tool_calls or ():
            if call.function is not None and call.function.name == _TOOL:
                return call.function.arguments
        return message.text


class ParseAdapter(_ChatAdapter):
    """Rules in words, at the end of what is asked; the last resort."""

    name = "parse"

    def turns(self, asked: Asked) -> Sequence[Message]:
        """Add the rules to the last turn."""
        *before, last = asked.messages
        rules = f"{last.content}\n\n{answer_rules(self.task)}"
        return [*before, Message(last.role, rules)]


def _problem(choice: Choice) -> str:
    if choice.message.refusal:
        return f"the model refused: {choice.message.refusal[:300]}"
    if choice.finish_reason == "content_filter":
        return "the endpoint's content filter took the answer away"
    if choice.finish_reason == "length":
        return "the answer was cut off; let it have more tokens, or answer in fewer words"
    return ""
