"""Agreement worked out from the log: read, measured in a thread, kept until something changes."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

import msgspec
import numpy as np
import polars as pl
from msgspec import Struct

from kodkod.api import (
    Agreement,
    AgreementReport,
    AgreementSpec,
    InvalidInputError,
    Split,
    StrategySpec,
)
from kodkod.jobs.machine_coder import machine_coder
from kodkod.jobs.places import ProjectPlaces
from kodkod.plugins import PluginRegistry
from kodkod.project.agreeing import (
    MachineCoder,
    draws_of,
    label_numbers,
    put_together,
    windows,
)
from kodkod.project.agreement_reading import draws_note, machine_note, reading_of
from kodkod.project.query import Filter
from kodkod.project.scheme import LiveScheme
from kodkod.project.voting import Chosen, Votes, read_ballots
from kodkod.store.artefacts import ModelRow
from kodkod.store.votes import read_votes
from kodkod.web.agreement_contract import AgreementOverTime, AgreementView, CoderView, PairView
from kodkod.web.kept import Kept
from kodkod.web.services import Services

__all__ = ["AgreementQuery", "agreement_of"]

_WINDOW_REPLICATES = 200
_MOST_WINDOWS = 200
_answers = Kept[AgreementView](8)


class AgreementQuery(Struct, frozen=True, kw_only=True):
    """What is asked. `users` are ids; times have a zone; no measures means the usual ones."""

    measures: tuple[str, ...] = ()
    users: tuple[int, ...] | None = None
    split: str = "all"
    drawn_sample: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    over: str | None = None
    positions: tuple[float, ...] | None = None
    replicates: int = 1_000


async def agreement_of(
    services: Services,
    scheme: LiveScheme,
    query: AgreementQuery,
    machine: ModelRow | None,
    places: ProjectPlaces,
) -> AgreementView:
    """Return the agreement as of now; the same question on the same log is answered at once.

    Raises:
        InvalidInputError: no component measures such schemes, it has no such measure, or the
            positions do not fit the labels.
        ConflictError: the machine has said nothing yet.
    """
    spec = _spec_for(services.registry, scheme, query)
    _check_positions(scheme, query)
    seq = scheme.fold.seq
    labels = tuple((label.id, label.name) for label in scheme.coder.labels)
    said = None if machine is None else (machine.id, machine.predicted_rows, machine.name)
    predicted = None if machine is None else tuple(sorted(machine.predicted.items()))
    key = (seq, len(scheme.corpus), labels, query, said, predicted)

    async def make() -> AgreementView:
        read = _reader(services, scheme, seq)
        entries = await read()
        await services.names.know({entry.user_id for entry in entries})
        return await asyncio.to_thread(
            _work_out, services, scheme, query, spec, entries, seq, machine, places
        )

    return await _answers.get_awaited(scheme, key, make)


def _reader(services: Services, scheme: LiveScheme, seq: int) -> Callable[[], Any]:
    database, id_ = services.database, scheme.row.id

    async def read() -> Sequence[Any]:
        if database.is_sqlite:
            # All of it in one thread, so that the event loop sees nothing of many rows.
            return await asyncio.to_thread(
                database.read_now, lambda connection: read_votes(connection, id_, seq)
            )
        async with database.read() as connection:
            return await read_votes(connection, id_, seq)

    return read


def _spec_for(registry: PluginRegistry, scheme: LiveScheme, query: AgreementQuery) -> AgreementSpec:
    specs = [cast("AgreementSpec", each.spec) for each in registry.components("agreement")]
    spec = next((each for each in specs if scheme.row.type in each.scheme_types), None)
    if spec is None:
        raise InvalidInputError(
            f"No plugin measures agreement in schemes of type {scheme.row.type!r}; install one, "
            "such as kodkod-agreement."
        )
    for name in query.measures:
        if name not in spec.measures:
            raise InvalidInputError(
                f"There is no measure {name!r} for schemes of type {scheme.row.type!r}; choose "
                f"among {', '.join(spec.measures)}.",
                field="measures",
            )
    return spec


def _check_positions(scheme: LiveScheme, query: AgreementQuery) -> None:
    given, labels = query.positions, scheme.coder.names
    if given is None:
        return
    if len(given) != len(labels) or len(set(given)) != len(given):
        raise InvalidInputError(
            f"Give one position for each of the {len(labels)} labels, in their order "
            f"({', '.join(labels)}), all different; {len(given)} were given.",
            field="positions",
        )


def _work_out(
    services: Services,
    scheme: LiveScheme,
    query: AgreementQuery,
    spec: AgreementSpec,
    entries: Sequence[Any],
    seq: int,
    model: ModelRow | None,
    places: ProjectPlaces,
) -> AgreementView:
    chosen = Chosen(
        rows=scheme.corpus.mask(Filter(drawn_sample=query.drawn_sample), query.split),
        users=query.users,
        since=query.since,
        until=query.until,
    )
    votes = read_ballots(entries, scheme.coder, chosen)
    split = None if query.split == "all" else Split(query.split)
    machine = model and machine_coder(places.root, model, scheme, split)
    measuring = _Measuring(services, scheme, query, spec, machine)
    report = measuring.report(votes, query.replicates)
    draws = draws_of(votes)
    pairable = sum(draws.values())
    random = sum(draws.get(name, 0) for name in _uniform(services.registry))
    notes = [*draws_note(random, pairable), *report.notes]
    if model is not None and machine is not None:
        notes.insert(0, machine_note(machine.name, trained=model.kind == "model"))
    return AgreementView(
        scheme=scheme.row.name,
        component=spec.name,
        seq=seq,
        labels=report.labels,
        coders=measuring.coders(votes),
        n=report.n,
        pairable=report.pairable,
        single=report.n - report.pairable,
        random_share=random / pairable if pairable else None,
        strategies={name or "": count for name, count in draws.items()},
        overall=report.overall,
        by_label=report.by_label,
        by_pair=[PairView(**msgspec.structs.asdict(each)) for each in report.by_pair],
        coincidences=report.coincidences,
        over=measuring.over_time(votes),
        reading=reading_of(report.overall),
        notes=notes,
    )


class _Measuring:
    """Measures votes of one scheme, all of them or those of a stretch of time."""

    def __init__(
        self,
        services: Services,
        scheme: LiveScheme,
        query: AgreementQuery,
        spec: AgreementSpec,
        machine: MachineCoder | None,
    ) -> None:
        self._services = services
        self._scheme = scheme
        self._query = query
        self._spec = spec
        self._machine = machine
        self._lengths = (
            scheme.corpus.frame.select(pl.col("text").str.len_chars()).to_series().to_numpy()
        ).astype(np.int64)
        self._positions = label_numbers(scheme.coder.names, query.positions)

    def report(self, votes: Votes, replicates: int) -> AgreementReport:
        """Return the component's report on some votes."""
        coded = put_together(
            votes,
            self._scheme.coder,
            _NamesOf(self._services),
            self._lengths,
            self._machine,
            self._positions,
        )
        built = self._services.registry.build(
            "agreement", self._spec.name, {"replicates": replicates}
        )
        seed = zlib.crc32(msgspec.json.encode([self._scheme.row.id, len(votes.row)]))
        measures = self._query.measures or self._spec.usual
        component = cast("Agreement[Any]", built)
        return component.measure(coded, measures, np.random.default_rng(seed))

    def coders(self, votes: Votes) -> list[CoderView]:
        """Return who coded how many texts, people first."""
        users, counts = np.unique(votes.user, return_counts=True)
        names = self._services.names
        found = [
            CoderView(name=names[user], machine=False, n=n)
            for user, n in zip(users.tolist(), counts.tolist(), strict=True)
        ]
        if self._machine is not None:
            shared = len(np.intersect1d(votes.row, self._machine.rows))
            found.append(CoderView(name=self._machine.name, machine=True, n=shared))
        return found

    def over_time(self, votes: Votes) -> list[AgreementOverTime]:
        """Return the agreement of each stretch of time that was asked for."""
        if self._query.over is None:
            return []
        found = windows(votes, self._query.over)
        if len(found) > _MOST_WINDOWS:
            raise InvalidInputError(
                f"That is {len(found)} stretches of time, and at most {_MOST_WINDOWS} are worked "
                "out at once; choose longer ones, or a shorter time.",
                field="over",
            )
        replicates = min(self._query.replicates, _WINDOW_REPLICATES)
        reports = [(each, self.report(each.votes, replicates)) for each in found]
        return [
            AgreementOverTime(
                start=window.start,
                end=window.end,
                n=report.n,
                pairable=report.pairable,
                overall=report.overall,
            )
            for window, report in reports
        ]


class _NamesOf(dict[int, str]):
    """Usernames by id, as the server knows them."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._names = services.names

    def __missing__(self, id_: int) -> str:
        return self._names[id_]


def _uniform(registry: PluginRegistry) -> list[str]:
    return [
        each.spec.name
        for each in registry.components("strategy")
        if isinstance(each.spec, StrategySpec) and each.spec.uniform
    ]
