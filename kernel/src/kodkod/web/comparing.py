"""From what somebody looks for to how alike each text is to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from kodkod.api import ConflictError, InvalidInputError, UnavailableError
from kodkod.project.knowledge import Vectors
from kodkod.project.scheme import LiveScheme
from kodkod.project.similarity import Likeness, Similar
from kodkod.store.artefacts import FeatureRow
from kodkod.store.projects import Project
from kodkod.web.reach import features_of
from kodkod.web.services import Services

__all__ = ["likeness_of"]


async def likeness_of(
    services: Services, project: Project, scheme: LiveScheme, similar: Similar
) -> tuple[Similar, Likeness]:
    """Return what is looked for with its feature by id, and how alike texts are to it.

    Takes as long as a worker needs, where words are asked for the first time.

    Raises:
        ConflictError: there is no feature to compare texts by, or the text has no vector yet.
        InvalidInputError: it cannot be meant; there is no such feature, or it makes nothing of it.
        NotFoundError: the project has no such text.
        UnavailableError: no worker could encode the words, or the vectors cannot be read.
    """
    if (similar.text is None) == (similar.id is None):
        raise InvalidInputError(
            "Similar to what? Give a text or the id of one, and not both.", field="similar"
        )
    async with services.database.read() as connection:
        features = await features_of(connection, project)
    row = _feature(features, similar.feature, scheme)
    vectors = await _vectors(services, project, scheme, row)
    if similar.id is not None:
        number = scheme.corpus.row_of(similar.id)
        if number >= len(vectors.matrix):
            raise ConflictError(
                f"The text {similar.id!r} has no vector in the feature {row.name!r} yet; ask again "
                "when the feature has taken up the texts that were added."
            )
        direction = np.array(vectors.matrix[number], dtype=np.float32)
    else:
        direction = await services.encoder.vector_of(project, row.id, similar.text or "")
    length = float(np.linalg.norm(direction))
    if not np.isfinite(length) or length == 0:
        raise InvalidInputError(
            f"The feature {row.name!r} makes nothing of this text, as of words that it has not "
            "learnt; write others, or choose another feature.",
            field="similar",
        )
    found = Likeness(vectors.matrix, direction / np.float32(length), vectors.key)
    return replace(similar, feature=row.id), found


def _feature(features: Sequence[FeatureRow], key: str | None, scheme: LiveScheme) -> FeatureRow:
    usable = [row for row in features if row.comparable]
    if key is not None:
        named = next((row for row in features if key in {row.id, row.name}), None)
        if named in usable:
            return named
        names = ", ".join(row.name for row in usable) or "none yet"
        if named is None:
            raise InvalidInputError(
                f"There is no feature {key[:60]!r}; texts can be compared by {names}.",
                field="similar.feature",
            )
        what = "is sparse" if named.sparse else "is made of what a model has learnt from answers"
        raise InvalidInputError(
            f"The feature {named.name!r} {what}; texts can be compared by {names}.",
            field="similar.feature",
        )
    if not usable:
        raise ConflictError(
            "Texts are compared by a feature that is not sparse, such as sentence embeddings or "
            "tf-idf with SVD, and the project has none; compute one first."
        )
    guided = scheme.guide.config.features if scheme.guide else ()
    newest = max(usable, key=lambda row: row.created_at)
    return next((row for name in guided for row in usable if name in {row.id, row.name}), newest)


async def _vectors(
    services: Services, project: Project, scheme: LiveScheme, row: FeatureRow
) -> Vectors:
    for again in (True, False):
        found = next((each for each in scheme.artefacts.vectors if each.id == row.id), None)
        if found is not None:
            return found
        if again:
            # It may have been computed by now for another server.
            await services.residency.reload_artefacts(project.id)
    raise UnavailableError(f"The feature {row.name!r} cannot be read; compute it again.")
