"""Notices when the advice on stopping turns, for projects that are told so elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.exc import IntegrityError

from kodkod.api import KodkodError
from kodkod.store.events import EventRow, add_event
from kodkod.store.projects import project_with_id
from kodkod.store.stopping_told import change_told, read_told
from kodkod.store.webhooks import list_webhooks
from kodkod.web.stopping import stopping_advice
from kodkod.web.stopping_contract import StoppingAdvice
from kodkod.web.telling import STOPPING, wants

if TYPE_CHECKING:
    from kodkod.web.services import Services

__all__ = ["StoppingWatch"]

_TEACHING = frozenset({"guide", "assess"})
_STOP = "could-stop"
_log = structlog.get_logger("kodkod.webhooks")


class StoppingWatch:
    """Asks the rules anew when a guide has learnt, where somebody wants to know.

    One scheme at a time: to work the advice out takes a thread, and nobody waits for it.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._due: set[tuple[int, int]] = set()
        self._one = asyncio.Lock()

    def concerns(self, event: EventRow) -> bool:
        """Tell whether advice may have turned by what happened."""
        data = event.data
        return (
            event.type == "job.done"
            and data["kind"] in _TEACHING
            and event.project_id is not None
            and data.get("scheme_id") is not None
        )

    async def heard(self, event: EventRow) -> None:
        """Look at the scheme that the event is about, unless somebody is about to."""
        assert event.project_id is not None  # noqa: S101 - `concerns` says so
        where = (event.project_id, event.data["scheme_id"])
        self._due.add(where)
        async with self._one:
            if where not in self._due:
                return
            self._due.discard(where)
            try:
                await self._look(*where)
            except KodkodError as error:
                _log.info("no advice on stopping", reason=error.message)

    async def _look(self, project_id: int, scheme_id: int) -> None:
        services = self._services
        async with services.database.read() as connection:
            hooks = await list_webhooks(connection, project_id)
            project = await project_with_id(connection, project_id)
        live = services.residency.resident(project_id)
        scheme = live.schemes.get(scheme_id) if live is not None else None
        wanted = any(
            hook.active and wants(hook.events, type_) for hook in hooks for type_ in STOPPING
        )
        if project is None or scheme is None or not wanted:
            return
        advice = await stopping_advice(services, project, scheme)
        if not advice.version:
            return
        async with services.database.read() as connection:
            before = await read_told(connection, scheme_id)
        verdicts = {rule.name: str(rule.verdict) for rule in advice.rules}
        if verdicts == before:
            return
        try:
            async with services.database.write() as connection:
                if not await change_told(connection, scheme_id, before, verdicts):
                    return
                for type_, data in _turns(advice, before or {}):
                    await add_event(connection, type_, project_id, {"scheme_id": scheme_id, **data})
        except IntegrityError:
            return  # Another server was first.


def _turns(
    advice: StoppingAdvice, before: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield an event for each rule that says something else than it did."""
    for rule in advice.rules:
        was, stops = before.get(rule.name) == _STOP, rule.verdict == _STOP
        if was != stops:
            data = {
                "rule": rule.name,
                "title": rule.title,
                "sentence": rule.sentence,
                "n_train": advice.n_train,
            }
            yield STOPPING[0] if stops else STOPPING[1], data
