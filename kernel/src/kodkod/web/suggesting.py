"""What a model or a labelling answers of texts that somebody is about to code."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct

from kodkod.api import InvalidInputError
from kodkod.jobs.machine_coder import machine_said
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.knowledge import newest_labelling
from kodkod.project.query import NextQuery
from kodkod.project.scheme import LiveScheme
from kodkod.store.artefacts import ModelRow
from kodkod.store.predictions import StoredRows, open_predicted
from kodkod.store.projects import Project
from kodkod.store.replies import list_replies
from kodkod.web.annotating_contract import Suggestion
from kodkod.web.reach import models_of
from kodkod.web.services import Services

__all__ = ["Suggester", "suggester_of", "suggestions_of"]


class Suggester(Struct, frozen=True, kw_only=True):
    """Whose answers are suggested: a trained model's, or else a labelling's."""

    id: str
    name: str
    model: ModelRow | None = None


async def suggester_of(
    services: Services, project: Project, scheme: LiveScheme, query: NextQuery
) -> Suggester | None:
    """Return whose answers a request asks for, if anybody's: the newest labelling's by itself.

    Raises:
        InvalidInputError: there is no such model or labelling of this scheme.
    """
    if query.suggested_by is None:
        judges = [judge for judge in scheme.artefacts.judges if judge.scheme_id == scheme.row.id]
        newest = newest_labelling(judges) if query.suggestions else None
        return None if newest is None else Suggester(id=newest.id, name=newest.name)
    async with services.database.read() as connection:
        models = await models_of(connection, project)
    # One that was taught a label against the rest says nothing of the others.
    there = [
        each
        for each in models
        if each.scheme_id == scheme.row.id and each.training.get("dichotomise") is None
    ]
    found = next((m for m in there if query.suggested_by in {m.id, m.name}), None)
    if found is None:
        names = ", ".join(each.name for each in there) or "none"
        raise InvalidInputError(
            f"The scheme has no model or labelling {query.suggested_by!r}; there is {names}.",
            field="suggested_by",
        )
    trained = None if found.kind == "labeller" else found
    return Suggester(id=found.id, name=found.name, model=trained)


async def suggestions_of(
    services: Services,
    project: Project,
    scheme: LiveScheme,
    suggester: Suggester,
    rows: Sequence[int],
) -> dict[int, Suggestion]:
    """Return, by row, the answers that read as something by the labels of now.

    Raises:
        ConflictError: the scheme is of passages, and the model marks none.
        UnavailableError: the predictions are damaged.
    """
    if not rows:
        return {}
    if suggester.model is None:
        return await _replied(services, scheme, suggester, rows)
    root = ProjectPlaces.of(services.settings, project.slug).root
    return await asyncio.to_thread(_predicted, root, scheme, suggester.model, sorted(rows))


async def _replied(
    services: Services, scheme: LiveScheme, suggester: Suggester, rows: Sequence[int]
) -> dict[int, Suggestion]:
    async with services.database.read() as connection:
        replies = await list_replies(
            connection, scheme.row.project_id, suggester.id, state="answered", rows=rows
        )
    return {
        row: Suggestion(
            by=suggester.name,
            kind="llm",
            value=value,
            confidence=reply.confidence,
            justification=reply.justification,
        )
        for row, reply in replies
        if (value := scheme.coder.read(reply.value)) is not None
    }


def _predicted(
    root: Path, scheme: LiveScheme, model: ModelRow, rows: Sequence[int]
) -> dict[int, Suggestion]:
    stored = open_predicted(root, model.id)
    if stored is None:
        return {}
    there = np.intersect1d(stored.rows, np.array(rows, dtype=np.int64))
    part = StoredRows(rows=there, probabilities=stored.take(there), spans=stored.spans)
    said = machine_said(part, model, scheme)
    sure = [None] * len(said.rows) if said.confidence is None else said.confidence.tolist()
    return {
        row: Suggestion(
            by=model.name,
            kind="model",
            value=scheme.coder.canonical(value),
            confidence=confidence,
            justification="",
        )
        for row, value, confidence in zip(said.rows.tolist(), said.values, sure, strict=True)
    }
