"""What happened, as a plain sentence. Each chat escapes it in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from kodkod.api import Notification

__all__ = ["LONGEST", "sentence"]

LONGEST = 900
"""So many characters at most: escaped, they still fit into what the narrowest chat takes."""


def sentence(told: Notification) -> str:
    """Return one line that says in which project what happened, and by whom."""
    say = _SENTENCES.get(told.type)
    said = say(told.data) if say else told.type
    by = f" (by {told.user})" if told.user and told.user not in said else ""
    line = " ".join(f"{told.project_name}: {said}{by}".split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _job(what: str) -> Callable[[Mapping[str, Any]], str]:
    def say(data: Mapping[str, Any]) -> str:
        job: Mapping[str, Any] = data.get("job") or {}
        why = job.get("error") or ""
        return f"the job {job.get('kind')} {what}" + (f": {why}" if why else ".")

    return say


def _scheme(what: str) -> Callable[[Mapping[str, Any]], str]:
    def say(data: Mapping[str, Any]) -> str:
        name = data.get("scheme")
        return f"the scheme {name} {what}." if name else f"a scheme {what}."

    return say


def _task(what: str) -> Callable[[Mapping[str, Any]], str]:
    def say(data: Mapping[str, Any]) -> str:
        scheme = f" in the scheme {data['scheme']}" if data.get("scheme") else ""
        return f"a task{scheme} {what}."

    return say


def _saved(data: Mapping[str, Any]) -> str:
    n = data["annotations"]
    people = data["sources"].get("human", 0)
    of = "" if people in {0, n} else f", {people} of them by people"
    return f"{n} {'annotation' if n == 1 else 'annotations'} in the scheme {data['scheme']}{of}."


def _stopping(what: str) -> Callable[[Mapping[str, Any]], str]:
    def say(data: Mapping[str, Any]) -> str:
        scheme = f" in the scheme {data['scheme']}" if data.get("scheme") else ""
        return f"{data['title']} {what}{scheme}. {data['sentence']}"

    return say


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        "project.deleted": lambda _: "the project was deleted.",
        "project.restored": lambda _: "the project was restored.",
        "scheme.created": _scheme("was created"),
        "scheme.changed": _scheme("has changed"),
        "scheme.deleted": _scheme("was deleted"),
        "task.changed": _task("has changed"),
        "task.done": _task("is done"),
        "task.late": _task("is late"),
        "annotations.saved": _saved,
        "job.queued": _job("waits"),
        "job.running": _job("has begun"),
        "job.done": _job("is done"),
        "job.failed": _job("failed"),
        "job.cancelled": _job("was stopped"),
        "stopping.advised": _stopping("says that annotating could stop"),
        "stopping.withdrawn": _stopping("no longer says that annotating could stop"),
        "webhook.test": lambda _: "this is a test; the webhook works.",
    }
)
