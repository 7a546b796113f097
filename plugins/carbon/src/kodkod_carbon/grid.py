"""From kWh to grams: where the electricity is from."""

from __future__ import annotations

from msgspec import Struct

from kodkod_carbon.published import country_mixes, source, world_mix
from kodkod_carbon.settings import CarbonSettings

__all__ = ["Mix", "local_mix", "remote_mix"]

_HOW_TO_SET = "set KODKOD_CARBON_COUNTRY or KODKOD_CARBON_G_PER_KWH"


class Mix(Struct, frozen=True):
    """Grams of CO2 equivalent for each kWh, and a sentence on where that is from."""

    g_per_kwh: float
    name: str


def local_mix(settings: CarbonSettings) -> Mix:
    """Return the mix of the machine that works: its own, the country's, or the world's."""
    mix = _own(settings) or _country(settings) or _world(settings)
    if settings.pue == 1.0:
        return mix
    return Mix(
        mix.g_per_kwh * settings.pue,
        f"{mix.name}; times {settings.pue:g} for cooling and losses of the machine room (PUE)",
    )


def remote_mix(settings: CarbonSettings) -> Mix:
    """Return the mix of whoever runs LLMs that are called over a network."""
    if settings.llm_g_per_kwh is not None:
        return Mix(settings.llm_g_per_kwh, "as set by KODKOD_CARBON_LLM_G_PER_KWH")
    return Mix(world_mix().g_per_kwh, f"the world's average ({_world_source()})")


def _own(settings: CarbonSettings) -> Mix | None:
    if settings.g_per_kwh is None:
        return None
    name = settings.mix_name or "own mix"
    return Mix(settings.g_per_kwh, f"{name}, as set by KODKOD_CARBON_G_PER_KWH")


def _country(settings: CarbonSettings) -> Mix | None:
    found = country_mixes().get((settings.country or "").upper())
    if found is None:
        return None
    return Mix(found.g_per_kwh, f"{found.country}, average of {found.year} ({source()})")


def _world(settings: CarbonSettings) -> Mix:
    if settings.country:
        why = f"there are no figures for the country {settings.country.upper()}"
    else:
        why = "no country is set"
    return Mix(
        world_mix().g_per_kwh,
        f"the world's average, as {why}: {_HOW_TO_SET} ({_world_source()})",
    )


def _world_source() -> str:
    return f"{world_mix().publisher}, by way of {source()}"
