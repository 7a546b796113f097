"""The way in which a run asks, which may change when an endpoint no longer keeps to a schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from kodkod.api import LabelTask, answer_schema
from kodkod_genai.adapters import ADAPTERS, Adapter, Said

__all__ = ["Way", "keeps_to_schema"]

_STRAYED_MOST = 8


class Way:
    """Has the adapter that is used now. `tell` gets what is noticed.

    Some endpoints hold a model to a schema in general, and not when it is long, or while another
    server of theirs answers. Where `may_change`, answers are from then on asked for in words.
    """

    def __init__(self, adapter: Adapter, tell: Callable[[str], None], *, may_change: bool) -> None:
        self.adapter = adapter
        self._tell = tell
        self._may_change = may_change
        self._strayed = 0

    def note(self, adapter: Adapter, said: Said) -> None:
        """Look whether an answer that `adapter` asked for is held to the schema."""
        if adapter is not self.adapter or not adapter.held or said.problem:
            return
        if said.content is not None and keeps_to_schema(adapter.task, said.content):
            self._strayed = 0
            return
        self._strayed += 1
        if self._strayed != _STRAYED_MOST:
            return
        noticed = f"{self._strayed} answers in a row are not held to the schema"
        if self._may_change:
            self._tell(f"{noticed}; from now on they are asked for in words.")
            self.adapter = ADAPTERS["parse"](adapter.endpoint, adapter.params, adapter.task)
        else:
            self._tell(f"{noticed}, though the adapter {adapter.name!r} was chosen for it.")


def keeps_to_schema(task: LabelTask, said: str | Mapping[str, Any]) -> bool:
    """Tell whether an answer is of the task's schema, whatever else is wrong with it."""
    try:
        found = json.loads(said) if isinstance(said, str) else said
    except ValueError:
        return False
    required = answer_schema(task)["required"]
    if not isinstance(found, Mapping) or set(found) != set(required):
        return False
    given = found[required[-1]]
    match task.scheme_type:
        case "multiclass":
            return given in task.labels
        case "multilabel":
            return isinstance(given, list) and all(each in task.labels for each in given)
        case _:
            return isinstance(given, list) and all(_is_span(each, task) for each in given)


def _is_span(raw: Any, task: LabelTask) -> bool:
    return (
        isinstance(raw, Mapping)
        and set(raw) == {"label", "quote"}
        and raw["label"] in task.labels
        and isinstance(raw["quote"], str)
    )
