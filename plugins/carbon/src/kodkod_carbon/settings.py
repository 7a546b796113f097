"""What whoever runs the installation can say of it. Importing this imports nothing heavy."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

from kodkod.api import KodkodError, Params, easy, medium, pro, read_section

__all__ = ["SECTION", "CarbonSettings", "read_settings"]

SECTION = "carbon"


class CarbonSettings(Params, frozen=True):
    """Where the electricity is from, what the machine takes, when to warn."""

    country: Annotated[
        Annotated[str, Meta(pattern=r"^[A-Za-z]{3}$")] | None,
        easy(
            "Country whose electricity the machine uses: three letters of ISO 3166 (FRA, DEU, "
            "USA); empty: the world's average"
        ),
    ] = None
    warn_at: Annotated[
        float, easy("Warn from this share of a project's budget on", gt=0.0, le=1.0)
    ] = 0.8
    g_per_kwh: Annotated[
        Annotated[float, Meta(ge=0.0, le=5_000.0)] | None,
        medium(
            "Your own electricity: grams of CO2 equivalent for each kWh; counts before the country"
        ),
    ] = None
    mix_name: Annotated[
        str, medium("What your own electricity is called, wherever it is shown", max_length=200)
    ] = ""
    pue: Annotated[
        float,
        medium(
            "Power usage effectiveness of your machine room: all its energy, cooling included, "
            "for each kWh of the machines; raises the carbon, not the energy",
            ge=1.0,
            le=10.0,
        ),
    ] = 1.0
    llm_wh_per_1000_tokens: Annotated[
        Annotated[float, Meta(ge=0.0, le=10_000.0)] | None,
        medium(
            "Watt-hours for 1,000 tokens, read or written, of an LLM that is called over a "
            "network, if its provider tells; empty: estimated from published figures"
        ),
    ] = None
    cpu_watts: Annotated[
        Annotated[float, Meta(gt=0.0, le=100_000.0)] | None,
        pro(
            "Watts of all processors of the machine under full load, for where they cannot be "
            "measured; in a virtual machine those of its share"
        ),
    ] = None
    llm_g_per_kwh: Annotated[
        Annotated[float, Meta(ge=0.0, le=5_000.0)] | None,
        pro(
            "Grams of CO2 equivalent for each kWh where LLMs that are called over a network run; "
            "empty: the world's average"
        ),
    ] = None


_VARIABLES = tuple(f"KODKOD_CARBON_{field.upper()}" for field in CarbonSettings.__struct_fields__)


def read_settings(environ: Mapping[str, str] = os.environ) -> CarbonSettings:
    """Return the settings; a section that is not acceptable counts as not there.

    The kernel refuses it when it starts. A worker elsewhere whose environment differs must
    still run its jobs.
    """
    return _read(tuple((name, environ.get(name, "")) for name in _VARIABLES))


# A fifth of a millisecond, for every job.
@lru_cache(maxsize=4)
def _read(variables: tuple[tuple[str, str], ...]) -> CarbonSettings:
    try:
        return read_section(SECTION, CarbonSettings, dict(variables))
    except KodkodError:
        return CarbonSettings()
