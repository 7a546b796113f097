"""Topics with the names that people gave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import NO_TOPIC, InvalidInputError, Topic
from kodkod.store.topics import TopicList

__all__ = ["listed", "renamed"]

_LONGEST = 100


def listed(
    topics: Sequence[Topic], assigned: NDArray[np.int32], before: TopicList | None = None
) -> TopicList:
    """Return a version's list; a topic that somebody named keeps its name."""
    known = {topic.id: topic.name for topic in before.topics} if before else {}
    named = set(before.named) if before else set()
    return TopicList(
        topics=tuple(
            msgspec.structs.replace(topic, name=known[topic.id]) if topic.id in named else topic
            for topic in topics
        ),
        outliers=int(np.count_nonzero(assigned == NO_TOPIC)),
        named=tuple(topic.id for topic in topics if topic.id in named),
    )


def renamed(found: TopicList, names: Mapping[int, str]) -> TopicList:
    """Return the list with other names.

    Raises:
        InvalidInputError: a topic is not there, or a name is empty, too long or there twice.
    """
    wanted = {id_: " ".join(name.split()) for id_, name in names.items()}
    there = {topic.id: topic.name for topic in found.topics}
    for id_, name in wanted.items():
        if id_ not in there:
            raise InvalidInputError(f"There is no topic {id_}; look the ids up.", field="names")
        if not 0 < len(name) <= _LONGEST:
            raise InvalidInputError(
                f"The name of topic {id_} must have 1 to {_LONGEST} characters.", field="names"
            )
    after = {**there, **wanted}
    for id_, name in wanted.items():
        if any(other != id_ and after[other] == name for other in after):
            raise InvalidInputError(
                f"Two topics would be called {name!r}; merge them, or choose another name.",
                field="names",
            )
    return msgspec.structs.replace(
        found,
        topics=tuple(
            msgspec.structs.replace(topic, name=after[topic.id]) for topic in found.topics
        ),
        named=tuple(sorted({*found.named, *wanted})),
    )
