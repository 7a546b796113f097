"""Messages to tokens: by the tokenizer's own chat template, or laid out plainly."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from jinja2 import TemplateError

from kodkod.api import InvalidInputError, Message
from kodkod_local_llm.plain_text import encodable

__all__ = ["answer_tokens", "common_beginning", "prompt_tokens", "with_rule"]

_NAMES = {"system": "Instructions", "user": "Question", "assistant": "Answer"}
_ANCHOR = "\n"


def with_rule(messages: Sequence[Message], rule: str) -> list[Message]:
    """Return the messages with a rule at the end of the last one, or as a last one of the user."""
    *before, last = messages or [Message("user", "")]
    if last.role == "user":
        return [*before, Message("user", f"{last.content}\n\n{rule}".lstrip())]
    return [*before, last, Message("user", rule)]


def prompt_tokens(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    """Return the tokens of a conversation, up to where the model's answer begins.

    A tokenizer's chat template is used as it is, without thinking where it can be turned off.
    Where it refuses or drops the role `system`, what that says begins the first question
    instead. Without a template the turns are put below one another under headings.

    Raises:
        InvalidInputError: the template refuses the order of the turns.
    """
    if not tokenizer.chat_template:
        return _plain(tokenizer, messages)
    rendered = _by_template(tokenizer, messages)
    # A template writes the special tokens itself.
    return tokenizer(rendered, add_special_tokens=False, verbose=False)["input_ids"]


def answer_tokens(tokenizer: Any, answer: str) -> list[int]:
    """Return the tokens of an answer as they are after a prompt.

    Some tokenizers put a space in front of whatever comes first, so that the answer is read
    behind a line's end, which is then cut off.
    """
    anchor = tokenizer(_ANCHOR, add_special_tokens=False)["input_ids"]
    both = tokenizer(_ANCHOR + encodable(answer), add_special_tokens=False)["input_ids"]
    if both[: len(anchor)] == anchor:
        return both[len(anchor) :]
    return tokenizer(encodable(answer), add_special_tokens=False)["input_ids"]


def common_beginning(rows: Sequence[list[int]]) -> int:
    """Return how many tokens all begin with; each has one more at least."""
    low, high = min(rows), max(rows)
    most = min(map(len, rows)) - 1
    differ = (i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b)
    return min(next(differ, most), most)


def _plain(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    parts = [f"{_NAMES[each.role]}:\n{encodable(each.content)}\n\n" for each in messages]
    text = "".join([*parts, f"{_NAMES['assistant']}:\n"])
    tokens: list[int] = tokenizer(text, verbose=False)["input_ids"]
    # What ends a text would tell the model that nothing follows.
    while tokens and tokens[-1] in (tokenizer.eos_token_id, tokenizer.sep_token_id):
        tokens.pop()
    return tokens


def _by_template(tokenizer: Any, messages: Sequence[Message]) -> str:
    system = [encodable(each.content.strip()) for each in messages if each.role == "system"]
    with suppress(TemplateError):
        rendered = _render(tokenizer, messages)
        if all(each in rendered for each in system):
            return rendered
    try:
        # If it was not the role `system`, it says here what it was.
        return _render(tokenizer, _merged(messages))
    except TemplateError as error:
        raise InvalidInputError(
            f"the model's chat template refuses the prompt ({error}); let the turns of its "
            "examples alternate, or choose another model",
            field="model",
        ) from error


def _render(tokenizer: Any, messages: Sequence[Message]) -> str:
    turns = [{"role": each.role, "content": encodable(each.content)} for each in messages]
    return tokenizer.apply_chat_template(
        turns, tokenize=False, add_generation_prompt=True, enable_thinking=False
    )


def _merged(messages: Sequence[Message]) -> list[Message]:
    """Return the messages with what the system says in front of what the user says first."""
    system = "\n\n".join(each.content for each in messages if each.role == "system")
    others = [each for each in messages if each.role != "system"]
    first = next((i for i, each in enumerate(others) if each.role == "user"), None)
    if first is None:
        return [Message("user", system), *others]
    others[first] = Message("user", f"{system}\n\n{others[first].content}".strip())
    return others
