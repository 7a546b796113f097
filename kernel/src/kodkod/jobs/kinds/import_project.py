"""Make a project from an upload that is too large for a request."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from kodkod.api import Event, InvalidInputError
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.params import ImportParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.project.creation import Workshop
from kodkod.store.people import names_of
from kodkod.store.projects import list_projects

__all__ = ["ImportJob", "ProjectMade"]


class ProjectMade(Struct, frozen=True, kw_only=True):
    """The slug of the project that was made."""

    project: str


class ImportJob(ProjectJob[ImportParams]):
    """Queue it under a lock key of the user's, so that a user's imports follow one another."""

    def work(self, ctx: KernelJobContext) -> ProjectMade:
        """Make the project and delete the upload.

        Raises:
            InvalidInputError: the file or the config cannot be used; the message says where.
        """
        workspace, job = ctx.workspace, ctx.job
        upload = workspace.settings.data_dir / "uploads" / self.params.upload
        owner = workspace.read(names_of).get(job.user_id, "")
        made = self._made_before(ctx, owner)
        if made is None:
            made = self._make(ctx, upload, owner)
            workspace.registry.observe(Event(type="project.created", project=made, user=owner))
        upload.unlink(missing_ok=True)
        return ProjectMade(project=made)

    def _make(self, ctx: KernelJobContext, upload: Path, owner: str) -> str:
        workspace, params = ctx.workspace, self.params
        if not upload.exists():
            raise InvalidInputError("The uploaded file is gone; send it again.", field="file")
        ctx.progress(None, f"reading {params.filename}")
        workshop = Workshop(workspace.settings, workspace.database, workspace.registry)
        making = workshop.create(
            upload, params.filename, params.config, owner_id=ctx.job.user_id, owner=owner
        )
        try:
            return workspace.call(making).slug
        except Exception:
            # A job that failed is not run again; one whose worker died is.
            upload.unlink(missing_ok=True)
            raise

    def _made_before(self, ctx: KernelJobContext, owner: str) -> str | None:
        """Return the project that this job made before its worker died, if it did."""
        if ctx.job.attempts < 2:
            return None
        for project, _ in ctx.workspace.read(list_projects, user_id=ctx.job.user_id, limit=10_000):
            mine = project.created_by == owner and project.name == self.params.config.name
            if mine and project.created_at >= ctx.job.created_at:
                return project.slug
        return None
