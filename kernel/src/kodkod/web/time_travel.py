"""A scheme as it was: the log up to a moment, read by the labels that there were then."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import msgspec
from litestar.params import QueryParameter

from kodkod.api import InvalidInputError
from kodkod.project.fold import retired_labels
from kodkod.project.scheme import LiveScheme
from kodkod.store.codebooks import number_at, version_of
from kodkod.store.labels import Label
from kodkod.store.log import Entry, read_entries, seq_at
from kodkod.web.services import Services

__all__ = ["AsOf", "as_of"]

AsOf = Annotated[
    str | None,
    QueryParameter(
        name="as_of",
        description="As it was: a position in the log, a date (its end, UTC), or a date and time.",
    ),
]
_DIGITS = 18


async def as_of(services: Services, scheme: LiveScheme, moment: str | None) -> LiveScheme:
    """Return the scheme as it was, without its guide; as it is where no moment is named.

    Values are shown by the labels of then, also those that were renamed, merged or deleted since.
    The last moment that was asked for is kept, so that pages of it are quick.

    Raises:
        InvalidInputError: that is no position, date or time.
    """
    if moment is None:
        return scheme
    async with services.database.read() as connection:
        seq = await seq_at(connection, scheme.row.id, _parsed(moment))
        if scheme.past is not None and scheme.past[0] == seq:
            return scheme.past[1]
        # That of the newest entry: what changed after it came later.
        number = number_at(scheme.row.versions, seq)
        version = number and await version_of(connection, scheme.row.id, number)
        entries = await read_entries(connection, scheme.row.id, until=seq)
    labels = _labels(scheme, version.labels if version else [], entries)
    corpus, row = scheme.corpus, scheme.row
    past = await asyncio.to_thread(_past, scheme, labels, entries)
    if scheme.corpus is corpus and scheme.row is row:  # Otherwise it is of a scheme from before.
        scheme.past = (seq, past)
    return past


def _parsed(moment: str) -> int | datetime:
    if moment.isascii() and moment.isdigit() and len(moment) <= _DIGITS:
        return int(moment)
    try:
        if len(moment) == len("2026-01-01"):
            day = date.fromisoformat(moment)
            return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        # A "+" that was not escaped arrives as a space.
        at = datetime.fromisoformat(moment.replace(" ", "+") if "T" in moment else moment)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(
            f"{moment[:40]!r} is neither a position in the log nor a date such as 2026-01-31 or a "
            "time such as 2026-01-31T12:00:00Z.",
            field="as_of",
        ) from error
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _labels(scheme: LiveScheme, then: list[Label], entries: list[Entry]) -> list[Label]:
    """Return the labels of a version, and any others that something may have been said with.

    A merge that was taken back has brought labels back since, and a scheme may be older than the
    versions of its codebook. The log leaves out those that were gone by then.
    """
    retired = [
        label
        for entry in entries
        if entry.op in {"merge", "delete"}
        for label in retired_labels(entry).labels
    ]
    ever = [each for one in scheme.fold.retirements.values() for each in one.labels]
    found = {label.id: label for label in [*ever, *scheme.row.labels, *retired, *then]}
    order = {label.id: place for place, label in enumerate([*then, *retired, *scheme.row.labels])}
    return sorted(found.values(), key=lambda label: order.get(label.id, len(order)))


def _past(scheme: LiveScheme, labels: list[Label], entries: list[Entry]) -> LiveScheme:
    row = msgspec.structs.replace(scheme.row, labels=labels, guide=None, checks=None)
    past = LiveScheme(row, scheme.scheme_type, scheme.corpus, time.monotonic)
    past.load(entries)
    return past
