"""The tables that codecarbon ships: read as files, for importing it takes a tenth of a second.

A table that is missing, or that another version keeps in another form, counts as empty.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import Struct

__all__ = ["CountryMix", "WorldMix", "country_mixes", "cpu_tdps", "source", "world_mix"]


class CountryMix(Struct, frozen=True):
    """A country's electricity: grams of CO2 equivalent for each kWh, in a year."""

    country: str
    g_per_kwh: float
    year: int


class WorldMix(Struct, frozen=True):
    """The world's electricity, and where the figure is from."""

    g_per_kwh: float
    publisher: str


_WORLD_PUBLISHER = "IEA, Global Energy & CO2 Status Report 2019"
_WORLD_G_PER_KWH = 475.0
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


@cache
def source() -> str:
    """Return what the tables are called in a sentence."""
    try:
        return f"codecarbon {version('codecarbon')}"
    except PackageNotFoundError:
        return "codecarbon"


@cache
def country_mixes() -> dict[str, CountryMix]:
    """Return the mixes by ISO 3166 code of three letters.

    A country without figures of its own has 0 in the table and is left out: no electricity is
    made without any emission.
    """
    mixes: dict[str, CountryMix] = {}
    for code, row in _json("private_infra", "global_energy_mix.json").items():
        try:
            mix = CountryMix(row["country_name"], float(row["carbon_intensity"]), int(row["year"]))
        except _UNREADABLE:
            continue
        if mix.g_per_kwh > 0:
            mixes[code] = mix
    return mixes


@cache
def world_mix() -> WorldMix:
    """Return the world's average."""
    figures = _json("private_infra", "carbon_intensity_per_source.json")
    try:
        return WorldMix(float(figures["world_average"]), _WORLD_PUBLISHER)
    except _UNREADABLE:
        return WorldMix(_WORLD_G_PER_KWH, _WORLD_PUBLISHER)


def cpu_tdps() -> dict[str, float]:
    """Return the watts that processors are designed for, by the processor's name.

    Lines that are no figure are left out; version 3.3.2 has one ("27.29.5").
    """
    tdps: dict[str, float] = {}
    try:
        with _table("hardware", "cpu_power.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                try:
                    tdps[row[0]] = float(row[1])
                except (ValueError, IndexError):
                    continue
    except _UNREADABLE:
        return {}
    return tdps


def _json(*parts: str) -> Mapping[str, Any]:
    try:
        found = json.loads(_table(*parts).read_bytes())
    except _UNREADABLE:
        return {}
    return found if isinstance(found, dict) else {}


def _table(*parts: str) -> Path:
    # Finding a package does not import it.
    spec = find_spec("codecarbon")
    folders = (spec.submodule_search_locations if spec else None) or ["codecarbon-is-missing"]
    return Path(folders[0]).joinpath("data", *parts)
