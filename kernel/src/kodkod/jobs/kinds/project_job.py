"""Base of the kernel's own kinds of job."""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeVar

from msgspec import Struct

from kodkod.api import Job, JobContext, Params
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.needs import Needs
from kodkod.jobs.workspace import Workspace

__all__ = ["ProjectJob"]

P = TypeVar("P", bound=Params)


class ProjectJob(Job[P]):
    """A job on a project's data, which it reaches through the context's workspace."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the component needs that the job runs; added to what the kind needs."""
        return Needs()

    def run(self, ctx: JobContext) -> Struct | None:
        """Do it."""
        if not isinstance(ctx, KernelJobContext):
            raise TypeError("the kernel's own jobs run in the kernel's own context")
        return self.work(ctx)

    @abstractmethod
    def work(self, ctx: KernelJobContext) -> Struct | None:
        """Do it. Running it twice must do no harm."""
