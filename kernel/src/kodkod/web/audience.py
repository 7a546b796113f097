"""Who may hear of a project: remembered, so that an event costs no query for each listener."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping

from kodkod.store.database import Database
from kodkod.store.rights import members_of, roles_of
from kodkod.web.listening import Listener, Members, Wants

__all__ = ["Audience"]

_REMEMBERED_SECONDS = 2.0
_NOBODY: Members = {}


class Audience:
    """The members of projects, looked up again when they are two seconds old.

    Whoever changes a membership in this process says so with `forget`, after the commit.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._members: dict[int, Members] = {}
        self._until: dict[int, float] = {}
        self._forgotten = 0

    async def know(self, project_ids: Collection[int]) -> None:
        """Look up, in one query, the projects that are not remembered."""
        while stale := [id_ for id_ in project_ids if self._until.get(id_, 0.0) <= self._clock()]:
            asked_at, forgotten = self._clock(), self._forgotten
            async with self._database.read() as connection:
                members = await members_of(connection, stale)
            if forgotten == self._forgotten:
                self._remember(stale, members, asked_at + _REMEMBERED_SECONDS)
                return

    def of(self, project_id: int | None) -> Members:
        """Return a known project's members: none where it is gone, or is none."""
        return _NOBODY if project_id is None else self._members.get(project_id, _NOBODY)

    async def unwelcome(self, listeners: Collection[Listener]) -> list[Listener]:
        """Return those who may listen no more: of a token that has ended, to a project left."""
        guests = {each: who for each in listeners if (who := each.wants.identity) is not None}
        if not guests:
            return []
        async with self._database.read() as connection:
            roles = await roles_of(connection, {who.token_id for who in guests.values()})
        await self.know({id_ for each in guests if (id_ := each.wants.project_id) is not None})
        return [
            each
            for each, who in guests.items()
            if roles.get(who.token_id) != who.role or not self._lets_in(each.wants)
        ]

    def _lets_in(self, wants: Wants) -> bool:
        if wants.project_id is None:
            return True
        members = self._members.get(wants.project_id)
        return members is not None and (wants.hears_all or wants.member_id in members)

    def forget(self) -> None:
        """Look every project up again next time."""
        self._until.clear()
        self._forgotten += 1

    def _remember(
        self, project_ids: Collection[int], members: Mapping[int, Members], until: float
    ) -> None:
        for id_ in project_ids:
            self._until[id_] = until
            self._members.pop(id_, None)
        self._members.update(members)
