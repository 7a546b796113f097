"""What becomes of a task's shares when texts or people are added, or texts change hands."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import ConflictError, InvalidInputError
from kodkod.project.dealing import hand_over
from kodkod.project.fold import SchemeFold
from kodkod.store.database import now
from kodkod.store.tasks import Share, Task
from kodkod.web.making_tasks import deal, deal_of

__all__ = ["Moved", "add_people", "extend", "move_texts"]

Places = NDArray[np.int64]
_NONE: Places = np.zeros(0, dtype=np.int64)


class Moved(Struct, frozen=True):
    """The shares that changed, what each of the takers was given, and what nobody could take."""

    shares: dict[int, Places | None]
    given: dict[int, int]
    kept: int


def add_people(task: Task, people: Sequence[int]) -> Task:
    """Return the task with these people as well: with all its texts or, where dealt, none yet."""
    there = {share.user_id for share in task.shares}
    places = None if deal_of(task).how == "each" else _NONE
    new = tuple(
        Share(user_id=user, places=places, given_at=now()) for user in people if user not in there
    )
    return msgspec.structs.replace(task, shares=task.shares + new)


def extend(task: Task, rows: Places) -> Task:
    """Return the task with more texts, dealt among its people as the first were.

    Raises:
        InvalidInputError: all of these texts are in it already.
    """
    new = rows[~np.isin(rows, task.rows)]
    if not len(new):
        raise InvalidInputError("All of these texts are in the task already.", field="add_texts")
    plan = deal_of(task)
    if plan.shares is not None and len(plan.shares) != len(task.shares):
        # Somebody came or went since; what comes now is dealt in equal parts.
        plan = msgspec.structs.replace(plan, shares=None)
    parts = deal(plan, len(new), len(task.shares))
    shares = tuple(
        msgspec.structs.replace(share, places=_joined(share.places, part, len(task.rows)))
        for share, part in zip(task.shares, parts, strict=True)
    )
    return msgspec.structs.replace(task, rows=np.concatenate([task.rows, new]), shares=shares)


def _joined(held: Places | None, part: Places | None, offset: int) -> Places | None:
    if held is None or part is None:
        return held
    return np.concatenate([held, part + offset])


def move_texts(task: Task, fold: SchemeFold, giver: int, takers: Sequence[int]) -> Moved:
    """Deal what `giver` has not coded among others; those without a share get one.

    Raises:
        ConflictError: there is nobody to give texts to.
        InvalidInputError: `giver` has no share, or is to give texts to themselves.
    """
    shares = {share.user_id: share for share in task.shares}
    if giver not in shares:
        raise InvalidInputError("This person has no texts in the task.", field="username")
    takers = takers or [user for user in shares if user != giver]
    if giver in takers:
        raise InvalidInputError("Texts cannot be given to whoever gives them up.", field="to")
    if not takers:
        raise ConflictError("Nobody else is in the task; say in `to` who is to have the texts.")
    places = _places(task, shares[giver])
    open_ = np.array([giver not in fold.voiced(int(row)) for row in task.rows[places]], dtype=bool)
    held = [_places(task, shares[user]) if user in shares else _NONE for user in takers]
    after, kept = hand_over(places[open_], held)
    stays = np.sort(np.concatenate([places[~open_], kept]))
    given = {user: len(a) - len(h) for user, a, h in zip(takers, after, held, strict=True)}
    changed: dict[int, Places | None] = {
        user: part for user, part in zip(takers, after, strict=True) if given[user]
    }
    return Moved(changed | {giver: stays}, given, len(kept))


def _places(task: Task, share: Share) -> Places:
    return np.arange(len(task.rows)) if share.places is None else share.places
