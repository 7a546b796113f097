"""A project in memory."""

from __future__ import annotations

from collections.abc import Callable

from kodkod.api import NotFoundError
from kodkod.project.corpus import LiveCorpus
from kodkod.project.knowledge import Artefacts
from kodkod.project.scheme import LiveScheme
from kodkod.store.log import Entry
from kodkod.store.projects import Project

__all__ = ["LiveProject"]


class LiveProject:
    """The corpus and the schemes, by id and by name."""

    def __init__(self, row: Project, corpus: LiveCorpus, clock: Callable[[], float]) -> None:
        self.row = row
        self.corpus = corpus
        self.schemes: dict[int, LiveScheme] = {}
        self.artefacts = Artefacts()
        self.used_at = clock()
        self._clock = clock

    def scheme(self, name: str) -> LiveScheme:
        """Return a scheme.

        Raises:
            NotFoundError: the project has none of this name.
        """
        for scheme in self.schemes.values():
            if scheme.row.name == name:
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
