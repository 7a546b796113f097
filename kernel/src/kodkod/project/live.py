"""A project in memory."""

from __future__ import annotations

import copy
from collections.abc import Callable

import msgspec

from kodkod.api import ForbiddenError, NotFoundError
from kodkod.project.corpus import LiveCorpus
from kodkod.project.knowledge import Artefacts
from kodkod.project.scheme import LiveScheme
from kodkod.store.log import Entry
from kodkod.store.projects import Project

__all__ = ["LiveProject", "check_unlocked"]


def check_unlocked(row: Project, scheme_id: int | None) -> None:
    """See that a request may change a scheme, or what was made of it.

    Raises:
        ForbiddenError: whoever sent it may only see the scheme.
    """
    if scheme_id in row.locked:
        raise ForbiddenError(
            "You may see this scheme and what was made of it, but not annotate or change it; ask a "
            "manager of the project."
        )


class LiveProject:
    """The corpus and the schemes, by id and by name."""

    def __init__(self, row: Project, corpus: LiveCorpus, clock: Callable[[], float]) -> None:
        self.row = row
        self.corpus = corpus
        self._schemes: dict[int, LiveScheme] = {}
        self.artefacts = Artefacts()
        self.used_at = clock()
        self._clock = clock

    def seen_as(self, row: Project) -> LiveProject:
        """Return the same project with what of it is there for the request that `row` is of."""
        if not row.hidden and not row.locked:
            return self
        seen = copy.copy(self)
        seen.row = msgspec.structs.replace(self.row, hidden=row.hidden, locked=row.locked)
        return seen

    @property
    def schemes(self) -> dict[int, LiveScheme]:
        """Return the schemes by id, without those that are hidden."""
        hidden = self.row.hidden
        if not hidden:
            return self._schemes
        return {id_: each for id_, each in self._schemes.items() if id_ not in hidden}

    def all_schemes(self) -> list[LiveScheme]:
        """Return the hidden schemes too: what is done to the project concerns them as well."""
        return list(self._schemes.values())

    def scheme(self, name: str) -> LiveScheme:
        """Return a scheme.

        Raises:
            NotFoundError: the project has none of this name.
            ForbiddenError: it may be seen, and the request would change it.
        """
        for scheme in self.schemes.values():
            if scheme.row.name == name:
                check_unlocked(self.row, scheme.row.id)
                return scheme
        known = ", ".join(scheme.row.name for scheme in self.schemes.values()) or "none yet"
        raise NotFoundError(f"The project has no scheme {name!r}; it has {known}.")

    def hear(self, entry: Entry) -> LiveScheme | None:
        """Apply an entry of the log and return the scheme that it belongs to."""
        scheme = self.schemes.get(entry.scheme_id)
        if scheme is not None:
            scheme.hear(entry)
        return scheme

    def grow(self, row: Project, corpus: LiveCorpus) -> None:
        """Take a corpus to which rows were added."""
        self.row, self.corpus = row, corpus
        corpus.take_maps(self.artefacts.maps)
        corpus.take_samples(self.artefacts.samples)
        for scheme in self.schemes.values():
            scheme.grow(corpus)

    def know(self, artefacts: Artefacts) -> None:
        """Take what jobs have made of the project, for strategies to read."""
        before, self.artefacts = self.artefacts, artefacts
        self.corpus.take_maps(artefacts.maps)
        self.corpus.take_samples(artefacts.samples)
        keys = [each.key for each in artefacts.maps]
        for scheme in self.schemes.values():
            scheme.artefacts = artefacts
            scheme.tables.forget()
            if before.maps and keys != [each.key for each in before.maps]:
                # One that was extended has other texts in the regions that walks are of.
                scheme.shelf.drop_walks()

    def touch(self) -> None:
        """Note that somebody uses the project."""
        self.used_at = self._clock()

    @property
    def size(self) -> int:
        """Estimate the memory that the project takes, in bytes."""
        per_row = 24 + 32 * len(self.schemes)
        return int(self.corpus.frame.estimated_size()) + len(self.corpus) * per_row
