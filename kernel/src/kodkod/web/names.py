"""Usernames by user id, as the log keeps ids and people read names."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.store.database import Database
from kodkod.store.people import names_of
from kodkod.store.personal import former_name

__all__ = ["Names"]


class Names:
    """The names of all accounts, read again when an unknown id turns up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_id: dict[int, str] = {}
        self._absent: set[int] = set()

    async def know(self, ids: Iterable[int]) -> None:
        """Make sure that these ids have names."""
        unknown = {id_ for id_ in ids if id_ not in self._by_id} - self._absent
        if unknown:
            await self.refresh()
            self._absent |= unknown - set(self._by_id)

    async def refresh(self) -> None:
        """Read the names of all accounts."""
        async with self._database.read() as connection:
            self._by_id = await names_of(connection)
        self._absent.clear()

    def __getitem__(self, id_: int) -> str:
        return self._by_id.get(id_, former_name(id_) if id_ else "kodkod")

    def ids(self) -> dict[str, int]:
        """Return the id of every name."""
        return {name: id_ for id_, name in self._by_id.items()}
