"""Bulks of adjudications: suggestions that count by one act, and are taken back together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from kodkod.api import ConflictError
from kodkod.project.fold import SchemeFold
from kodkod.project.scheme import LiveScheme
from kodkod.store.artefacts import new_id
from kodkod.store.log import NewEntry
from kodkod.store.people import Identity
from kodkod.web.coded import decision_entry
from kodkod.web.services import Services

__all__ = ["accept", "undo_act", "withdraw_act"]

_AT_ONCE = 2_000


class _Act(Struct, frozen=True, kw_only=True):
    """The value of an accept entry: whose suggestions, from which confidence on, how many."""

    act: str
    consensus: str = ""
    min_confidence: float = 0.0
    rows: int = 0
    withdrawn: bool = False


async def accept(
    services: Services,
    scheme: LiveScheme,
    identity: Identity,
    values: Sequence[tuple[int, str, str]],
    consensus: str,
    min_confidence: float,
) -> str:
    """Enter (row, coded value, comment) as the user's adjudications; return the act's id."""
    act = f"accept-{new_id()}"
    facts = _Act(act=act, consensus=consensus, min_confidence=min_confidence, rows=len(values))
    entries = [
        decision_entry(scheme, identity, row=row, value=value, comment=comment, strategy=act)
        for row, value, comment in values
    ]
    await _write(services, [_announced(scheme, identity, facts), *entries])
    return act


async def withdraw_act(
    services: Services, scheme: LiveScheme, identity: Identity, act: str
) -> list[int]:
    """Take back what an act's suggestions decide still.

    Raises:
        ConflictError: nothing of it counts any more.
    """
    there = await asyncio.to_thread(_of_act, scheme.fold, act)
    if not there:
        raise ConflictError(f"Nothing that the act {act!r} decided counts any more.")
    return (await _withdraw(services, scheme, identity, act, there))[1:]


async def undo_act(
    services: Services, scheme: LiveScheme, identity: Identity, act: str, step: int
) -> int:
    """Take back an act as the user's step `step`, also where others have taken all of it back."""
    there = await asyncio.to_thread(_of_act, scheme.fold, act)
    return (await _withdraw(services, scheme, identity, act, there, step))[-1]


async def _withdraw(
    services: Services,
    scheme: LiveScheme,
    identity: Identity,
    act: str,
    there: Sequence[tuple[int, int]],
    step: int | None = None,
) -> list[int]:
    facts = _Act(act=act, rows=len(there), withdrawn=True)
    entries = [
        decision_entry(scheme, identity, row=row, value=None, undoes=seq) for row, seq in there
    ]
    return await _write(services, [_announced(scheme, identity, facts, step), *entries])


def _of_act(fold: SchemeFold, act: str) -> list[tuple[int, int]]:
    return [
        (row, answer.seq)
        for row, decisions in list(fold.adjudications.items())
        for answer in decisions.values()
        if answer.act == act
    ]


async def _write(services: Services, entries: Sequence[NewEntry]) -> list[int]:
    seqs: list[int] = []
    for start in range(0, len(entries), _AT_ONCE):
        seqs += await services.log.append(entries[start : start + _AT_ONCE])
    return seqs


def _announced(
    scheme: LiveScheme, identity: Identity, facts: _Act, undoes: int | None = None
) -> NewEntry:
    return NewEntry(
        project_id=scheme.row.project_id,
        scheme_id=scheme.row.id,
        op="accept",
        row=None,
        user_id=identity.user_id,
        value=msgspec.json.encode(facts).decode(),
        undoes=undoes,
    )
