"""Undo: an entry that says again what stood before. Nothing is ever taken out of the log."""

from __future__ import annotations

from typing import Any

from kodkod.api import ConflictError
from kodkod.project.fold import Retirement, Step
from kodkod.project.scheme import LiveScheme
from kodkod.store import projects
from kodkod.store.log import NewEntry
from kodkod.store.people import Identity
from kodkod.store.projects import Project
from kodkod.web.accepting import undo_act
from kodkod.web.annotating_contract import Undone
from kodkod.web.services import Services

__all__ = ["undo_last"]


async def undo_last(
    services: Services, project: Project, scheme: LiveScheme, identity: Identity
) -> Undone:
    """Take back the user's newest annotation, adjudication, merge or deletion of labels.

    Suggestions that were accepted in one act are taken back together.

    Raises:
        ConflictError: there is nothing to undo, or a label's name was taken meanwhile.
    """
    step = scheme.fold.last_step(identity.user_id)
    if step is None:
        raise ConflictError("There is nothing of yours to undo in this scheme.")
    if step.act is not None:
        seq = await undo_act(services, scheme, identity, step.act, step.seq)
        return Undone(seq=seq, undoes=step.seq, id=None, value=None)
    if step.row is None:
        await _restore_labels(services, scheme, scheme.fold.retirements[step.seq])
    seq = (await services.log.append([_undo_entry(scheme, step, identity)]))[0]
    if step.row is None:
        await services.announce("scheme.changed", project, {"scheme_id": scheme.row.id})
        await services.residency.reload_schemes(project.id)
        return Undone(seq=seq, undoes=step.seq, id=None, value=None)
    return Undone(
        seq=seq,
        undoes=step.seq,
        id=scheme.corpus.id_of(step.row),
        value=_value_now(scheme, step.row, step, identity),
    )


def _undo_entry(scheme: LiveScheme, step: Step, identity: Identity) -> NewEntry:
    before = step.before
    return NewEntry(
        project_id=scheme.row.project_id,
        scheme_id=scheme.row.id,
        op="undo" if step.row is None else "set",
        row=step.row,
        user_id=identity.user_id,
        value=before.raw if before else None,
        source=before.source if before else step.source,
        comment=before.comment if before else "",
        seconds=before.seconds if before else None,
        undoes=step.seq,
    )


async def _restore_labels(services: Services, scheme: LiveScheme, gone: Retirement) -> None:
    taken = [label.name for label in gone.labels if label.name in scheme.coder.names]
    if taken:
        raise ConflictError(
            f"The label {taken[0]!r} was made anew meanwhile; rename it, then undo."
        )
    there = {label.id for label in scheme.row.labels}
    missing = [label for label in gone.labels if label.id not in there]
    if missing:
        async with services.database.write() as connection:
            await projects.insert_labels(connection, scheme.row.id, missing)


def _value_now(scheme: LiveScheme, row: int, step: Step, identity: Identity) -> Any:
    fold = scheme.fold
    said = fold.adjudications if step.source == "adjudication" else fold.answers
    answer = said.get(row, {}).get(identity.user_id)
    return scheme.fold.value_of(answer)
