"""The grammar that a written answer is held to: the scheme's JSON, and quotes of the text alone."""

from __future__ import annotations

import json
import re

from kodkod.api import LabelTask
from kodkod_local_llm.plain_text import encodable

__all__ = ["answer_grammar", "label_places"]

_LONGEST_REASON = 400
"""Characters of a justification, which is to be a sentence."""

_MOST_SPANS = 200

_LABEL = re.compile(rb'"label": ("(?:[^"\\]|\\.)*")', re.DOTALL)


def answer_grammar(task: LabelTask, text: str) -> str:
    """Return the Lark grammar, as llguidance reads it, of answers to `task` about `text`.

    What it lets through fits `kodkod.api.answer_schema`, written as `json.dumps` would. Beyond
    that a label is in a list no more often than there are labels, and a quote is a stretch of
    the text (llguidance's `substring_chunks`, a chunk for each character as JSON writes it), so
    that it can be found again.
    """
    why = f'"\\"justification\\": " why ", "\n{_WHY}' if task.justify else '""\n'
    rules = {"multiclass": _ONE, "multilabel": _several(len(task.labels))}
    body = rules.get(task.scheme_type) or _spans(text)
    label = f"label: %json {json.dumps({'enum': list(task.labels)})}\n"
    return f'start: "{{" reason body "}}"\nreason: {why}{body}{label}'


def label_places(task: LabelTask, written: bytes) -> list[tuple[int, int]]:
    """Return where an answer says its labels, in bytes, half-open.

    The label of one; the whole list of several, whose end is a choice too; of spans each one's
    label, and where there is none the empty list. Quotation marks inside of strings are escaped,
    so that what is looked for cannot be in one.
    """
    if task.scheme_type == "multilabel":
        return [(written.index(b'"labels": ') + len(b'"labels": '), len(written))]
    places = [match.span(1) for match in _LABEL.finditer(written)]
    if not places:
        return [(written.index(b'"spans": ') + len(b'"spans": '), len(written))]
    return places


_WHY = f'why: %json {{"type": "string", "maxLength": {_LONGEST_REASON}}}\n'
_ONE = 'body: "\\"label\\": " label\n'


def _several(most: int) -> str:
    return f'body: "\\"labels\\": [" {_list("label", most)} "]"\n'


def _list(item: str, most: int) -> str:
    """Return none to so many items, with commas between them."""
    return f'({item} (", " {item}){{0,{most - 1}}})?' if most > 1 else f"{item}?"


def _spans(text: str) -> str:
    chunks = [json.dumps(each, ensure_ascii=False)[1:-1] for each in encodable(text)]
    if not chunks:
        return 'body: "\\"spans\\": []"\n'
    return (
        f'body: "\\"spans\\": [" {_list("span", _MOST_SPANS)} "]"\n'
        'span: "{\\"label\\": " label ", \\"quote\\": \\"" QUOTE "\\"}"\n'
        "QUOTE: STRETCH & /(?s:.+)/\n"
        f"STRETCH: %regex {json.dumps({'substring_chunks': chunks})}\n"
    )
