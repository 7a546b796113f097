"""What the newest labelling answers of texts that somebody is about to code."""

from __future__ import annotations

from collections.abc import Sequence

from kodkod.project.knowledge import newest_labelling
from kodkod.project.scheme import LiveScheme
from kodkod.store.replies import list_replies
from kodkod.web.annotating_contract import Suggestion
from kodkod.web.services import Services

__all__ = ["suggestions_for"]


async def suggestions_for(
    services: Services, scheme: LiveScheme, rows: Sequence[int]
) -> dict[int, Suggestion]:
    """Return, by row, the answers that read as something by the labels of now."""
    judges = [judge for judge in scheme.artefacts.judges if judge.scheme_id == scheme.row.id]
    newest = newest_labelling(judges)
    if newest is None or not rows:
        return {}
    async with services.database.read() as connection:
        replies = await list_replies(
            connection, scheme.row.project_id, newest.id, state="answered", rows=rows
        )
    return {
        row: Suggestion(
            labelling=newest.name,
            value=value,
            confidence=reply.confidence,
            justification=reply.justification,
        )
        for row, reply in replies
        if (value := scheme.coder.read(reply.value)) is not None
    }
