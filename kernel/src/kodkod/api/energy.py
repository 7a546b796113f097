"""What a job takes in energy, and where its project stands with it."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Energy", "EnergyStanding"]


class Energy(Struct, frozen=True, kw_only=True):
    """Watt-hours of a job's own processes, and the grams of CO2 equivalent that follow.

    `remote_wh` was spent elsewhere: calls of an LLM over a network. `mix` says where `g_per_kwh`
    is from. `measured` names the parts (cpu, gpu, ram) that a sensor told; every other part is an
    estimate. `methods` has a sentence for each part: how, and from which source.
    """

    cpu_wh: float = 0.0
    gpu_wh: float = 0.0
    ram_wh: float = 0.0
    remote_wh: float = 0.0
    g_co2e: float = 0.0
    g_per_kwh: float
    mix: str
    measured: tuple[str, ...] = ()
    methods: dict[str, str] = {}

    @property
    def wh(self) -> float:
        """Return the sum of the parts."""
        return self.cpu_wh + self.gpu_wh + self.ram_wh + self.remote_wh


class EnergyStanding(Struct, frozen=True, kw_only=True):
    """What a project's jobs have taken, and what the next one may.

    `expected_wh` is an estimate from like jobs before it, None where there was none. `refuse`
    says that the project wants jobs refused, not only warned of, once `budget_wh` is spent.
    """

    spent_wh: float
    expected_wh: float | None = None
    budget_wh: float | None = None
    refuse: bool = False
