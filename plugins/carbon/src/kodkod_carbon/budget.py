"""What a project's energy budget says of the next job."""

from __future__ import annotations

from kodkod.api import EnergyStanding

__all__ = ["refusal", "warning"]

_REMEDY = "raise the project's energy budget or let it only warn"


def refusal(standing: EnergyStanding) -> str | None:
    """Return why the next job may not start, or None."""
    if not standing.refuse or standing.budget_wh is None:
        return None
    if standing.spent_wh >= standing.budget_wh:
        return f"{_spent(standing)}, so no job can start: {_REMEDY}."
    if _would_exceed(standing):
        return (
            f"{_spent(standing)}, and this job is expected to take "
            f"{_wh(standing.expected_wh or 0.0)} as like jobs before it did: {_REMEDY}, or start "
            "a smaller job."
        )
    return None


def warning(standing: EnergyStanding, warn_at: float) -> str | None:
    """Return what whoever starts the next job should know, or None."""
    if standing.budget_wh is None:
        return None
    if standing.spent_wh >= standing.budget_wh:
        return f"{_spent(standing)}. Ask whether this job is needed, or {_REMEDY}."
    if _would_exceed(standing):
        return (
            f"{_spent(standing)}; this job is expected to take {_wh(standing.expected_wh or 0.0)}, "
            "as like jobs before it did, and would exceed the budget."
        )
    if standing.spent_wh >= warn_at * standing.budget_wh:
        return f"{_spent(standing)}."
    return None


def _would_exceed(standing: EnergyStanding) -> bool:
    expected = standing.spent_wh + (standing.expected_wh or 0.0)
    return standing.budget_wh is not None and expected > standing.budget_wh


def _spent(standing: EnergyStanding) -> str:
    budget = standing.budget_wh or 0.0
    percent = f" ({100 * standing.spent_wh / budget:.0f} %)" if budget else ""
    return (
        f"The project's jobs have taken {_wh(standing.spent_wh)} of its energy budget of "
        f"{_wh(budget)}{percent}"
    )


def _wh(wh: float) -> str:
    if wh >= 1_000:
        return f"{wh / 1_000:,.1f} kWh"
    return f"{wh:,.1f} Wh" if wh >= 1 else f"{wh:.2g} Wh"
