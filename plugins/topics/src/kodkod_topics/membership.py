"""Topics as a feature."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
from msgspec import Struct

from kodkod.api import Feature, InvalidInputError, JobContext, Matrix, TextBatch
from kodkod_topics.model import Bertopic
from kodkod_topics.params import BertopicParams, MembershipParams

__all__ = ["Membership"]

_FILE = "topics.json"


class _Of(Struct, frozen=True):
    """Which topics, and what their component was given."""

    id: str
    params: BertopicParams


class Membership(Feature[MembershipParams]):
    """A column for each topic as they were when the feature was made, by id.

    What they are is kept with the feature, so that merging topics later changes no feature that
    a model has learnt from. The vectors are those of the feature that the topics were found by.
    """

    def __init__(self, params: MembershipParams) -> None:
        super().__init__(params)
        self._of: _Of | None = None
        self._model: Bertopic | None = None

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Read the topics."""
        found = ctx.artefacts.topics(self.params.topics)
        if found.component != "bertopic":
            raise InvalidInputError(
                f"The topics {found.name!r} are of the kind {found.component!r}; this feature "
                "reads those of bertopic."
            )
        self._of = _Of(found.id, msgspec.convert(found.params, BertopicParams))
        self._model = Bertopic(self._of.params)
        self._model.load(found.folder)

    def transform(self, batch: TextBatch, ctx: JobContext) -> Matrix:
        """Return how much texts belong to the topics, float32 `[n, n_topics]`.

        Raises:
            InvalidInputError: the topics' own feature has no vectors of some texts yet.
        """
        if self._of is None or self._model is None:
            raise InvalidInputError("The feature has read no topics yet; call fit or load first.")
        vectors = cast("Any", ctx.artefacts.topics(self._of.id).vectors)
        if len(batch) and int(batch.rows.max()) >= vectors.shape[0]:
            raise InvalidInputError(
                f"The feature that the topics were found by has vectors of {vectors.shape[0]} "
                "texts only; once it was extended, compute this one again."
            )
        rows = vectors[batch.rows]
        return self._model.membership(
            np.asarray(rows) if isinstance(rows, np.ndarray) else rows, ctx
        )

    def save(self, folder: Path) -> None:
        """Write what the topics are."""
        if self._of is None or self._model is None:
            raise InvalidInputError("The feature has read no topics yet; call fit first.")
        self._model.save(folder)
        (folder / _FILE).write_bytes(msgspec.json.encode(self._of))

    def load(self, folder: Path) -> None:
        """Read it."""
        self._of = msgspec.json.decode((folder / _FILE).read_bytes(), type=_Of)
        self._model = Bertopic(self._of.params)
        self._model.load(folder)
