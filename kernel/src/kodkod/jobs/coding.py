"""What has been said of a scheme's texts, as models and metrics read it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import InvalidInputError, SchemeType, Span, Split, Value
from kodkod.jobs.workspace import Workspace
from kodkod.project.coding import Coder
from kodkod.project.fold import Answer, SchemeFold
from kodkod.store.corpus import read_corpus
from kodkod.store.labels import Label
from kodkod.store.log import Entry, read_entries
from kodkod.store.projects import Project, Scheme, list_schemes

__all__ = ["Coding", "read_coding", "splits_of"]


class Coding(Struct, frozen=True, kw_only=True):
    """The values that count for one scheme as of `seq`: `values[i]` is of row `rows[i]`.

    Rows ascend. `merged` says what became of labels that are no more. `excluded` are labels of
    the scheme that are not told apart from nothing, `against_rest` the one label that is told
    from all others (both ids). `weights`, float32 `[n]`, say how much each value counts to who
    learns from it; None: all alike.
    """

    scheme: Scheme
    scheme_type: SchemeType[Any, Any]
    rows: NDArray[np.int64]
    values: list[Value]
    merged: dict[int, int | None]
    seq: int
    excluded: frozenset[int] = frozenset()
    against_rest: int | None = None
    weights: NDArray[np.float32] | None = None

    @property
    def told(self) -> tuple[Label, ...]:
        """Return the labels that are told apart, in the scheme's order."""
        labels = (label for label in self.scheme.labels if label.id not in self.excluded)
        if self.against_rest is None:
            return tuple(labels)
        return tuple(label for label in self.scheme.labels if label.id == self.against_rest)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the names of the labels that are told apart, in the scheme's order."""
        return tuple(label.name for label in self.told)

    @property
    def label_ids(self) -> tuple[int, ...]:
        """Return the ids of `labels`."""
        return tuple(label.id for label in self.told)

    def within(self, kept: NDArray[np.bool_]) -> Coding:
        """Return the part for which `kept` (one for each of `rows`) holds."""
        return msgspec.structs.replace(
            self,
            rows=self.rows[kept],
            values=[value for value, keep in zip(self.values, kept, strict=True) if keep],
            weights=None if self.weights is None else self.weights[kept],
        )

    def without(self, label_ids: Collection[int]) -> Coding:
        """Return it with these labels taken away, and texts left out that had no other."""
        excluded = {label.name for label in self.scheme.labels if label.id in label_ids}
        values = [
            self.scheme_type.map_labels(value, lambda name: None if name in excluded else name)
            for value in self.values
        ]
        kept = np.fromiter((value is not None for value in values), np.bool_, len(values))
        left = msgspec.structs.replace(self, values=values, excluded=frozenset(label_ids))
        return left.within(kept)

    def one_against_rest(self, label_id: int) -> Coding:
        """Return it with one label told from all others; of spans, those with the label stay."""
        narrowed = msgspec.structs.replace(self, against_rest=label_id)
        if not self.has_spans:
            return narrowed
        names = set(narrowed.labels)
        spans = cast("list[list[Span]]", self.values)
        return msgspec.structs.replace(
            narrowed, values=[[each for each in value if each.label in names] for value in spans]
        )

    @property
    def has_spans(self) -> bool:
        """Tell whether values say where in the text a label is, so that they fit no table."""
        return self.scheme_type.encode([], ()) is None

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

    @property
    def compared_as(self) -> str:
        """Return the type of scheme whose metrics compare these values."""
        apart = self.against_rest is not None and not self.has_spans
        return "multilabel" if apart else self.scheme.type

    def targets(self) -> NDArray[Any]:
        """Encode the values for models and metrics.

        Spans, and one label against the rest, become uint8 `[n, n_labels]`: which label is in
        which text.
        """
        encoded = None
        if self.against_rest is None:
            encoded = self.scheme_type.encode(self.values, self.labels)
        return self._presence() if encoded is None else encoded

    def _presence(self) -> NDArray[np.uint8]:
        column = {name: place for place, name in enumerate(self.labels)}
        table = np.zeros((len(self.values), len(column)), dtype=np.uint8)
        for line, value in zip(table, self.values, strict=True):
            for name in self.scheme_type.labels_of(value):
                if name in column:
                    line[column[name]] = 1
        return table


def read_coding(
    workspace: Workspace,
    project: Project,
    scheme_id: int,
    admits: Callable[[Answer], bool] | None = None,
) -> Coding:
    """Return what counts in a scheme now; only what is new in the log is read.

    With `admits`, what would count if only the answers that it admits had been given.

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
    rows, values = fold.resolved(admits)
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
