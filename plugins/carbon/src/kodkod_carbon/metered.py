"""The context around a job that fills in its account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import psutil

from kodkod.api import Energy
from kodkod_carbon.account import account
from kodkod_carbon.cards import CardMeter
from kodkod_carbon.meter import Meter
from kodkod_carbon.nvml import assigned_cards, find_cards
from kodkod_carbon.process_tree import ProcessTree
from kodkod_carbon.processor import WattsPerCpu, this_processor, watts
from kodkod_carbon.published import cpu_tdps
from kodkod_carbon.rapl import Domain, PackageCounters, SensorError, find_domains
from kodkod_carbon.sampler import Sampler
from kodkod_carbon.settings import read_settings

__all__ = ["metered"]

_SAMPLER = Sampler()


@contextmanager
def metered(
    metrics: Mapping[str, float], *, on_card: bool = False
) -> Iterator[dict[str, float | Energy]]:
    """Meter this process and what it starts; at the end put an `Energy` under "energy".

    `on_card` says that the job is one of those that run on a card. What was found out about
    the machine is kept for the next job.
    """
    found: dict[str, float | Energy] = {}
    settings = read_settings()
    counters, unmeasured = _counters()
    meter = Meter(
        ProcessTree(),
        counters=counters,
        unmeasured=unmeasured,
        cards=lambda: _card_meter(on_card=on_card),
    )
    sampled = _SAMPLER.begin(meter.tick)
    try:
        yield found
    finally:
        quiet = _SAMPLER.end(sampled)
        reading = meter.stop(ask_cards=quiet)
        found["energy"] = account(reading, metrics, settings, _watts_per_cpu)


@cache
def _watts_per_cpu(own: float | None) -> WattsPerCpu:
    return watts(this_processor(), cpu_tdps(), own)


@cache
def _domains() -> tuple[list[Domain], str]:
    try:
        return find_domains(), ""
    except SensorError as error:
        return [], str(error)


def _counters() -> tuple[PackageCounters | None, str]:
    domains, unmeasured = _domains()
    if not domains:
        return None, unmeasured
    try:
        return PackageCounters(domains), ""
    except (OSError, ValueError) as error:
        return None, f"the energy counters (RAPL) cannot be read any more ({error})"


def _card_meter(*, on_card: bool) -> CardMeter | None:
    cards = find_cards()
    if not cards:
        return None
    assigned = assigned_cards(cards) if on_card else set[str]()
    return CardMeter(cards, assigned=assigned, exists=psutil.pid_exists)
