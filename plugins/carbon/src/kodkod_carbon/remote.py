"""Energy of LLM calls over a network: `kodkod.api.remote_energy` says how it is estimated."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct

from kodkod.api import ASSUMED_PARAMETERS_B, wh_per_read, wh_per_written
from kodkod_carbon.settings import CarbonSettings

__all__ = ["RemoteUse", "remote_use"]


class RemoteUse(Struct, frozen=True):
    """Watt-hours spent elsewhere, and how that was estimated."""

    wh: float
    method: str


def remote_use(metrics: Mapping[str, float], settings: CarbonSettings) -> RemoteUse | None:
    """Return what the tokens that a job reports took, None if it reports none."""
    read = _count(metrics, "remote_input_tokens")
    written = _count(metrics, "remote_output_tokens")
    if not read and not written:
        return None
    tokens = f"{read:,.0f} tokens read and {written:,.0f} written"
    own = settings.llm_wh_per_1000_tokens
    if own is not None:
        return RemoteUse(
            own * (read + written) / 1_000,
            f"Estimated: {tokens}, at {own:g} Wh for 1,000, as set by "
            "KODKOD_CARBON_LLM_WH_PER_1000_TOKENS.",
        )
    billions = _count(metrics, "remote_parameters_b")
    size = f"{billions:g} billion active parameters"
    if not billions:
        billions = ASSUMED_PARAMETERS_B
        size = f"a model of unknown size, taken for {billions:g} billion active parameters"
    return RemoteUse(
        read * wh_per_read(billions) + written * wh_per_written(billions),
        f"Estimated: {tokens}, {size}, by the methodology of EcoLogits (GenAI Impact); right "
        "within several times at best.",
    )


def _count(metrics: Mapping[str, float], name: str) -> float:
    value = metrics.get(name, 0.0)
    return value if math.isfinite(value) and value > 0 else 0.0
