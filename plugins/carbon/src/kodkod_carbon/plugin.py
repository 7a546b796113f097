"""Hooks of the plugin; importing this imports nothing heavy, and no sensor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager

from kodkod.api import Energy, JobInfo, SettingsSection, hookimpl
from kodkod_carbon import budget
from kodkod_carbon.settings import SECTION, CarbonSettings, read_settings

API = "2.0"


@hookimpl
def register_settings() -> Iterable[SettingsSection]:
    """Declare the section `carbon`."""
    return (SettingsSection(name=SECTION, params=CarbonSettings),)


@hookimpl
def job_admit(job: JobInfo) -> str | None:
    """Refuse a job for which its project's budget has no energy left, if the project says so."""
    return budget.refusal(job.energy) if job.energy else None


@hookimpl
def job_warn(job: JobInfo) -> str | None:
    """Warn when the project's budget is nearly spent, is spent, or would be by this job."""
    return budget.warning(job.energy, read_settings().warn_at) if job.energy else None


@hookimpl
def job_wrap(
    job: JobInfo, metrics: Mapping[str, float]
) -> AbstractContextManager[dict[str, float | Energy]]:
    """Account for what the job takes."""
    # The server reads this module too, and needs no sensors.
    from kodkod_carbon.metered import metered

    return metered(metrics, on_card=job.queue == "gpu")
