"""The hooks. Each is sync and cheap; async or heavy work lives in what a hook returns.

An implementation is a function of the same name, marked `@hookimpl`, in a module named by an
entry point of the group `kodkod`. It may take fewer arguments than are listed here. New
arguments may be added in a minor version; nothing is removed without a deprecation that names
the version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager

import numpy as np
import pluggy
import polars as pl
from numpy.typing import NDArray

from kodkod.api.energy import Energy
from kodkod.api.sections import SettingsSection
from kodkod.api.specs import ComponentSpec
from kodkod.api.values import Event, JobInfo, SplitPlan

__all__ = [
    "PROJECT_NAME",
    "event",
    "hookimpl",
    "hookspec",
    "job_admit",
    "job_warn",
    "job_wrap",
    "register_components",
    "register_settings",
    "split_rows",
]

PROJECT_NAME = "kodkod"
hookspec = pluggy.HookspecMarker(PROJECT_NAME)
hookimpl = pluggy.HookimplMarker(PROJECT_NAME)


# -- register -------------------------------------------------------------------------------


@hookspec
def register_components() -> Iterable[ComponentSpec]:  # type: ignore[empty-body]
    """Declare what the plugin brings: importers, features, models, strategies, job kinds, ...

    Called once, when the plugin is loaded. A spec that is not valid, or whose name another
    plugin took first, is left out and listed with its reason; the rest is registered.
    """


@hookspec
def register_settings() -> Iterable[SettingsSection]:  # type: ignore[empty-body]
    """Declare the settings that whoever runs the installation can make for the plugin.

    Called once, when the settings are read. `kodkod.api.read_section` gives them back.
    """


# -- decide ---------------------------------------------------------------------------------


@hookspec(firstresult=True)
def split_rows(frame: pl.DataFrame, plan: SplitPlan) -> NDArray[np.uint8] | None:
    """Divide a new corpus. The first answer that is not None wins; the kernel's own is last.

    Returns `Split.code` for each row of `frame`, or None to leave it to others.

    Raises:
        InvalidInputError: the plan does not fit the corpus.
    """


@hookspec
def job_admit(job: JobInfo) -> str | None:
    """Refuse a job before it is queued by returning the reason; any refusal wins.

    An exception refuses too.
    """


@hookspec
def job_warn(job: JobInfo) -> str | None:
    """Say what whoever starts a job should know; the job runs all the same.

    Asked after `job_admit` of all plugins. An exception is logged and says nothing.
    """


# -- wrap -----------------------------------------------------------------------------------


@hookspec
def job_wrap(
    job: JobInfo, metrics: Mapping[str, float]
) -> AbstractContextManager[dict[str, float | Energy]] | None:
    """Surround a job in the worker, around the child process where the job has one.

    `metrics` is a live view of what the job reports; of a job in a child process, as of its end.
    What the context manager yields is a dict that it may fill until it ends: numbers become
    metrics of the job, an `Energy` under the name "energy" becomes its account. An error in it
    is logged and does not fail the job.
    """


# -- observe --------------------------------------------------------------------------------


@hookspec
def event(event: Event) -> None:
    """Hear of something that is already stored. Runs off the event loop; errors are logged."""
