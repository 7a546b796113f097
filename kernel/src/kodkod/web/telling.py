"""What a webhook may be told: which events there are, who asks for them, and what is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kodkod.api import InvalidInputError
from kodkod.store.deliveries import Saved
from kodkod.store.events import EventRow

__all__ = [
    "ANNOTATIONS",
    "STOPPING",
    "TEST",
    "TYPES",
    "check_patterns",
    "said_of",
    "said_saved",
    "wants",
]

ANNOTATIONS = "annotations.saved"
STOPPING = ("stopping.advised", "stopping.withdrawn")
TEST = "webhook.test"
TYPES = (
    "project.deleted",
    "project.restored",
    "scheme.created",
    "scheme.changed",
    "scheme.deleted",
    "task.changed",
    "task.done",
    "task.late",
    ANNOTATIONS,
    "job.queued",
    "job.running",
    "job.done",
    "job.failed",
    "job.cancelled",
    *STOPPING,
)
_ANY = "*"


def check_patterns(patterns: Iterable[str]) -> list[str]:
    """Return what a webhook asks for, each once: types of events, `job.*`, or `*`.

    Raises:
        InvalidInputError: nothing is of such a type.
    """
    found = list(dict.fromkeys(patterns))
    for pattern in found:
        if not any(wants([pattern], type_) for type_ in TYPES):
            raise InvalidInputError(
                f"There are no events {pattern[:60]!r}; there are {', '.join(TYPES)}, and "
                "patterns such as 'job.*' or '*'.",
                field="events",
            )
    return found


def wants(patterns: Iterable[str], type_: str) -> bool:
    """Tell whether an event of this type is asked for."""
    group = type_.partition(".")[0]
    return any(pattern in {type_, _ANY, f"{group}.{_ANY}"} for pattern in patterns)


def said_of(event: EventRow, schemes: Mapping[int, str]) -> dict[str, Any] | None:
    """Return the data to tell of an event; None for what is told to nobody.

    Texts, answers and what jobs came to stay here: these are names, states and numbers.
    """
    if event.type not in TYPES or event.data.get("queue") == "live":
        return None
    data = event.data
    said: dict[str, Any] = {}
    if (scheme_id := data.get("scheme_id")) is not None:
        said["scheme"] = schemes.get(scheme_id)
    if event.type.startswith("job."):
        said["job"] = {name: data.get(name) for name in ("id", "kind", "state", "message", "error")}
    elif event.type.startswith("task.") and "task" in data:
        said["task"] = data["task"]
    elif event.type in STOPPING:
        said |= {name: data.get(name) for name in ("rule", "title", "sentence", "n_train")}
    return said


def said_saved(saved: Saved) -> dict[str, Any]:
    """Return the data to tell of answers that were given."""
    return {
        "scheme": saved.scheme,
        "annotations": sum(saved.sources.values()),
        "sources": saved.sources,
        "since": saved.first_at,
    }
