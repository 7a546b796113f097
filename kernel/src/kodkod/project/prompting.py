"""Prompts: what is said to a model of a text, the scheme, and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
from msgspec import Struct

from kodkod.api import InvalidInputError, Message, Span, Value
from kodkod.project.prompt_template import PromptTemplate
from kodkod.store.projects import Scheme

__all__ = ["Example", "Prompter", "default_templates"]


class Example(Struct, frozen=True, kw_only=True):
    """An annotated text."""

    text: str
    value: Value
    id: str


class Prompter:
    """Fills in two templates. `columns` are the context columns that a text has.

    Templates see `text`, `id`, `context` (a column by its name), `columns` (pairs of name and
    value), `scheme` (its name), `codebook`, `labels` (each with `name` and `description`), and
    `examples` (each with `text`, `value`, `answer` and `id`; `answer` is the value as the JSON that
    labellers ask for).

    Raises:
        InvalidInputError: a template is no template, or asks for more than is allowed; `field`
            says which, the message the line and what to do.
    """

    def __init__(self, system: str, user: str, scheme: Scheme, columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        if not user.strip():
            raise InvalidInputError(
                "The user template is empty; write at least {{ text }} in it.", field="user"
            )
        self._templates = [
            (role, PromptTemplate(source, role, self._columns))
            for role, source in (("system", system), ("user", user))
            if source.strip()
        ]
        self._spans = scheme.type == "span"
        self._scheme = {
            "scheme": scheme.name,
            "codebook": scheme.codebook,
            "labels": [
                {"name": label.name, "description": label.description} for label in scheme.labels
            ],
        }

    def messages(
        self, text: str, id_: str, context: Mapping[str, Any], examples: Sequence[Example]
    ) -> tuple[Message, ...]:
        """Return the turns to send; the system's is left out where its template comes to nothing.

        Raises:
            InvalidInputError: a template cannot be filled in for this text, or the user's comes to
                nothing.
        """
        given = {name: context.get(name) for name in self._columns}
        shown = {name: "" if value is None else value for name, value in given.items()}
        values = {
            **self._scheme,
            "text": text,
            "id": id_,
            "context": shown,
            "columns": list(shown.items()),
            "examples": [_shown(example, spans=self._spans) for example in examples],
        }
        said = {role: template.fill(values, id_) for role, template in self._templates}
        if not said["user"]:
            raise InvalidInputError(
                f"The user template comes to nothing for the text {id_!r}; write at least "
                "{{ text }} in it.",
                field="user",
            )
        return tuple(Message(cast("Any", role), words) for role, words in said.items() if words)


def default_templates(scheme_type: str) -> tuple[str, str]:
    """Return a system and a user template to begin with."""
    return _SYSTEM % _TASKS.get(scheme_type, _TASKS["multiclass"]), _USER


_TASKS = {
    "multiclass": "Choose the one label that fits the text best.",
    "multilabel": "Choose every label that fits the text; there may be none.",
    "span": "Mark each passage that a label fits: quote it exactly as it is in the text. There "
    "may be none.",
}
_SYSTEM = """\
You are a careful research assistant who codes texts for a study. %s Judge by the definitions \
alone, and by what the text says.
{%% if codebook %%}

Codebook:
{{ codebook }}
{%% endif %%}

Labels:
{%% for label in labels %%}
- {{ label.name }}{%% if label.description %%}: {{ label.description }}{%% endif +%%}
{%% endfor %%}"""
_USER = """\
{% for example in examples %}
Text: {{ example.text }}
Answer: {{ example.answer }}

{% endfor %}
Text: {{ text }}
Answer:"""


def _shown(example: Example, *, spans: bool) -> dict[str, Any]:
    return {
        "text": example.text,
        "id": example.id,
        "value": _said(example.value),
        "answer": msgspec.json.encode(_answer(example, spans=spans)).decode(),
    }


def _said(value: Value) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(each.label if isinstance(each, Span) else each for each in value) or "none"


def _answer(example: Example, *, spans: bool) -> dict[str, Any]:
    """Return the answer that would be given, in the shape that answers are asked for in."""
    value = example.value
    if isinstance(value, str):
        return {"label": value}
    if not spans:
        return {"labels": value}
    found = cast("list[Span]", value)
    return {
        "spans": [
            {"label": span.label, "quote": example.text[span.start : span.end]} for span in found
        ]
    }
