"""From what was read to a job's account: watt-hours, grams, and how each figure came about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kodkod.api import Energy
from kodkod_carbon.cards import CardUse
from kodkod_carbon.grid import local_mix, remote_mix
from kodkod_carbon.meter import PackageUse, Reading
from kodkod_carbon.processor import WattsPerCpu
from kodkod_carbon.remote import RemoteUse, remote_use
from kodkod_carbon.settings import CarbonSettings

__all__ = ["RAM_WATTS_PER_GB", "account"]

RAM_WATTS_PER_GB = 3 / 8
"""3 W for 8 GB: Crucial, "How much power does memory use?", as codecarbon counted before its third
version. Cloud Carbon Footprint's methodology has 0.392 W."""

_JOULES = 3_600.0


def account(
    reading: Reading,
    metrics: Mapping[str, float],
    settings: CarbonSettings,
    watts_per_cpu: Callable[[float | None], WattsPerCpu],
) -> Energy:
    """Return the account of a job.

    `watts_per_cpu` is asked only where nothing measures, with the own figure of the settings.
    """
    measured: list[str] = []
    methods: dict[str, str] = {}
    if reading.packages is not None:
        cpu_wh = reading.packages.joules / _JOULES
        methods["cpu"] = _packages_sentence(reading, reading.packages)
        measured.append("cpu")
    else:
        figure = watts_per_cpu(settings.cpu_watts)
        cpu_wh = reading.cpu_seconds * figure.watts / _JOULES
        methods["cpu"] = _processor_sentence(reading, figure)
    gpu_wh, sentence = _of_cards(reading.cards)
    if sentence:
        methods["gpu"] = sentence
    if reading.cards is not None and reading.cards.measured:
        measured.append("gpu")
    ram_wh = reading.gb_seconds * RAM_WATTS_PER_GB / _JOULES
    methods["ram"] = _ram_sentence(reading)
    remote = remote_use(metrics, settings)
    return _total(cpu_wh, gpu_wh, ram_wh, remote, settings, tuple(measured), methods)


def _total(
    cpu_wh: float,
    gpu_wh: float,
    ram_wh: float,
    remote: RemoteUse | None,
    settings: CarbonSettings,
    measured: tuple[str, ...],
    methods: dict[str, str],
) -> Energy:
    mix = local_mix(settings)
    grams = (cpu_wh + gpu_wh + ram_wh) / 1_000 * mix.g_per_kwh
    name = mix.name
    if remote is not None:
        # An LLM that is called over a network runs on somebody else's electricity.
        elsewhere = remote_mix(settings)
        grams += remote.wh / 1_000 * elsewhere.g_per_kwh
        methods["remote"] = remote.method
        name += f". For what was spent elsewhere: {elsewhere.g_per_kwh:g} g, {elsewhere.name}"
    return Energy(
        cpu_wh=cpu_wh,
        gpu_wh=gpu_wh,
        ram_wh=ram_wh,
        remote_wh=remote.wh if remote else 0.0,
        g_co2e=grams,
        g_per_kwh=mix.g_per_kwh,
        mix=name,
        measured=measured,
        methods=methods,
    )


def _packages_sentence(reading: Reading, packages: PackageUse) -> str:
    return (
        f"Measured: energy of the processors from their own counters (RAPL: {packages.names}), "
        f"shared by processor time: the job used {_seconds(reading.cpu_seconds)} of "
        f"{_seconds(packages.busy_seconds)} that all processes of the machine used."
    )


def _processor_sentence(reading: Reading, figure: WattsPerCpu) -> str:
    why = f" Not measured, as {reading.unmeasured}." if reading.unmeasured else ""
    return (
        f"Estimated: {_seconds(reading.cpu_seconds)} of processor time of the job's own processes "
        f"at {figure.watts:.3g} W for a busy CPU ({figure.origin}).{why}"
    )


def _of_cards(cards: CardUse | None) -> tuple[float, str]:
    """Return the watt-hours of the cards and the sentence, empty where none was used."""
    if cards is None:
        return 0.0, ""
    untold = (
        "Not counted: this container cannot see which processes are on the cards that jobs run "
        "on here."
        if cards.untold
        else ""
    )
    if not cards.names:
        return 0.0, untold
    names = ", ".join(sorted(set(cards.names)))
    how = "; ".join(cards.how)
    kind = "Measured" if cards.measured else "Estimated"
    return (
        cards.joules / _JOULES,
        f"{kind}: energy of the card {names} by its driver (NVML), {how}.",
    )


def _ram_sentence(reading: Reading) -> str:
    average = reading.gb_seconds / reading.seconds if reading.seconds > 0 else 0.0
    return (
        f"Estimated: {average:.2g} GB held by the job's processes on average, at "
        f"{RAM_WATTS_PER_GB:g} W a GB (Crucial: 3 W for 8 GB)."
    )


def _seconds(seconds: float) -> str:
    return f"{seconds:,.1f} s" if seconds >= 10 else f"{seconds:.3g} s"
