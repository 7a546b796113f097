"""Undo and redo: entries that say again what stood before. Nothing is taken out of the log."""

from __future__ import annotations

from typing import Any

from kodkod.api import ConflictError
from kodkod.project.fold import Retirement, Step
from kodkod.project.scheme import LiveScheme
from kodkod.store import labels
from kodkod.store.codebooks import note_version
from kodkod.store.log import NewEntry
from kodkod.store.people import Identity
from kodkod.store.projects import Project
from kodkod.web.accepting import undo_act
from kodkod.web.annotating_contract import Redone, Undone
from kodkod.web.services import Services

__all__ = ["redo_last", "undo_last"]


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
        async with services.database.write() as connection:
            await note_version(connection, scheme.row.id, user_id=identity.user_id)
        await services.announce("scheme.changed", project, {"scheme_id": scheme.row.id})
        await services.residency.reload_schemes(project.id)
        return Undone(seq=seq, undoes=step.seq, id=None, value=None)
    return Undone(
        seq=seq,
        undoes=step.seq,
        id=scheme.corpus.id_of(step.row),
        value=_value_now(scheme, step.row, step, identity),
    )


async def redo_last(services: Services, scheme: LiveScheme, identity: Identity) -> Redone:
    """Say again what the user took back last, if nothing else was said since.

    Raises:
        ConflictError: there is nothing to redo, or the labels that were said are gone.
    """
    taken = scheme.fold.last_taken_back(identity.user_id)
    if taken is None:
        raise ConflictError(
            "There is nothing of yours to redo in this scheme: annotations can be brought back "
            "that you have taken back and not followed by others."
        )
    answer = taken.answer
    value = scheme.fold.value_of(answer)
    if answer is not None and answer.raw is not None and value is None:
        raise ConflictError(
            "The labels of what you took back are no longer in the scheme; annotate anew."
        )
    entry = NewEntry(
        project_id=scheme.row.project_id,
        scheme_id=scheme.row.id,
        op="set",
        row=taken.row,
        user_id=identity.user_id,
        value=answer.raw if answer else None,
        source="human",
        comment=answer.comment if answer else "",
        flagged=answer.flagged if answer else False,
        seconds=answer.seconds if answer else None,
    )
    seq = (await services.log.append([entry]))[0]
    return Redone(seq=seq, id=scheme.corpus.id_of(taken.row), value=value)


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
        flagged=before.flagged if before else False,
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
            await labels.insert_labels(connection, scheme.row.id, missing)


def _value_now(scheme: LiveScheme, row: int, step: Step, identity: Identity) -> Any:
    fold = scheme.fold
    said = fold.adjudications if step.source == "adjudication" else fold.answers
    answer = said.get(row, {}).get(identity.user_id)
    return scheme.fold.value_of(answer)
