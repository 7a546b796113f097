"""What has been said of a scheme's texts, as models and metrics read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import InvalidInputError, SchemeType, Split, Value
from kodkod.jobs.workspace import Workspace
from kodkod.project.coding import Coder
from kodkod.project.fold import SchemeFold
from kodkod.store.corpus import read_corpus
from kodkod.store.log import Entry, read_entries
from kodkod.store.projects import Project, Scheme, list_schemes

__all__ = ["Coding", "read_coding", "splits_of"]


class Coding(Struct, frozen=True, kw_only=True):
    """The values that count for one scheme as of `seq`: `values[i]` is of row `rows[i]`.

    Rows ascend. `merged` says what became of labels that are no more.
    """

    scheme: Scheme
    scheme_type: SchemeType[Any, Any]
    rows: NDArray[np.int64]
    values: list[Value]
    merged: dict[int, int | None]
    seq: int

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the scheme's labels in order."""
        return tuple(label.name for label in self.scheme.labels)

    @property
    def label_ids(self) -> tuple[int, ...]:
        """Return the ids of `labels`."""
        return tuple(label.id for label in self.scheme.labels)

    def within(self, kept: NDArray[np.bool_]) -> Coding:
        """Return the part for which `kept` (one for each of `rows`) holds."""
        return Coding(
            scheme=self.scheme,
            scheme_type=self.scheme_type,
            rows=self.rows[kept],
            values=[value for value, keep in zip(self.values, kept, strict=True) if keep],
            merged=self.merged,
            seq=self.seq,
        )

    def in_split(self, split: Split, splits: NDArray[np.uint8]) -> Coding:
        """Return the part in one split."""
        return self.within(splits[self.rows] == split.code)

    def sampled(self, rng: np.random.Generator) -> Coding:
        """Return as many drawn with replacement, each label being there that is here."""
        n = len(self.rows)
        drawn = rng.integers(n, size=n)
        there = {label for i in drawn for label in self.scheme_type.labels_of(self.values[i])}
        extra: list[int] = []
        for i, value in enumerate(self.values):
            labels = set(self.scheme_type.labels_of(value))
            if not labels <= there:
                there |= labels
                extra.append(i)
        # The last draws make room: their labels are as a rule elsewhere too.
        places = np.sort(np.concatenate([np.array(extra, dtype=np.int64), drawn])[:n])
        return msgspec.structs.replace(
            self, rows=self.rows[places], values=[self.values[i] for i in places.tolist()]
        )

    def counts_as(self, label_id: int) -> int | None:
        """Return the label that a label counts as now; None if it was deleted."""
        found: int | None = label_id
        while found is not None and found in self.merged:
            found = self.merged[found]
        return found

    def targets(self) -> NDArray[Any]:
        """Encode the values for models and metrics.

        Raises:
            InvalidInputError: the scheme's type has no such encoding.
        """
        encoded = self.scheme_type.encode(self.values, self.labels)
        if encoded is None:
            raise InvalidInputError(
                f"Values of the scheme {self.scheme.name!r} ({self.scheme.type}) cannot be put "
                "into a table of labels, which this model or metric needs; choose another."
            )
        return encoded


def read_coding(workspace: Workspace, project: Project, scheme_id: int) -> Coding:
    """Return what counts in a scheme now; only what is new in the log is read.

    Raises:
        InvalidInputError: the project has no such scheme.
    """
    # A fold leaves out rows beyond its own, hence another one when the corpus has grown.
    fold = workspace.warm.folds.get((scheme_id, project.n_rows), lambda: SchemeFold(project.n_rows))
    schemes, entries = workspace.read(_scheme_and_news, project.id, scheme_id, fold.seq)
    scheme = next((each for each in schemes if each.id == scheme_id), None)
    if scheme is None:
        raise InvalidInputError("The scheme was deleted meanwhile.", field="scheme_id")
    fold.extend(entries)
    scheme_type = cast(
        "SchemeType[Any, Any]",
        workspace.registry.build("scheme-type", scheme.type, scheme.params),
    )
    fold.coder = Coder(scheme_type, scheme.labels, fold.merged)
    rows, values = fold.resolved()
    return Coding(
        scheme=scheme,
        scheme_type=scheme_type,
        rows=rows,
        values=values,
        merged=dict(fold.merged),
        seq=fold.seq,
    )


def splits_of(workspace: Workspace, project: Project) -> NDArray[np.uint8]:
    """Return the split of each row of the corpus (`Split.code`)."""
    folder = workspace.places(project).root
    return workspace.warm.splits.get(
        (project.id, project.corpus_fingerprint),
        lambda: read_corpus(folder, texts=False)["split"].to_numpy(),
    )


async def _scheme_and_news(
    connection: AsyncConnection, project_id: int, scheme_id: int, after: int
) -> tuple[Sequence[Scheme], list[Entry]]:
    # One transaction: labels and log are of the same moment.
    schemes = await list_schemes(connection, project_id)
    return schemes, await read_entries(connection, scheme_id, after=after)
