"""Before a job is queued: what it is likely to take, who refuses it, what is to be said of it."""

from __future__ import annotations

import msgspec

from kodkod.api import ConflictError, EnergyStanding, JobInfo, JobSpec
from kodkod.plugins import PluginRegistry
from kodkod.store.database import Database
from kodkod.store.energy import Expectation, expect, spent_wh
from kodkod.store.jobs import JobRow
from kodkod.store.projects import Project

__all__ = ["Admission", "standing_of"]


class Admission:
    """Asks the plugins, with what the project has spent and the job is likely to take."""

    def __init__(self, database: Database, registry: PluginRegistry) -> None:
        self._database = database
        self._registry = registry

    async def admit(
        self, row: JobRow, spec: JobSpec, username: str, project: Project | None
    ) -> JobRow:
        """Return the row with what is expected of it and what is to be said.

        Raises:
            ConflictError: a plugin refuses.
        """
        expected, standing = None, None
        # What refreshes a guide must cost nobody a query, and is nobody's to refuse.
        if project is not None and spec.queue != "live":
            expected = await self.expected(row.kind, row.subject, project)
            standing = await self.standing(project, expected)
        info = JobInfo(
            id=row.id,
            kind=row.kind,
            queue=row.queue,
            user=username,
            project=project.slug if project else None,
            params=row.params,
            energy=standing,
        )
        refusal = self._registry.admit(info)
        if refusal is not None:
            raise ConflictError(f"The job was not accepted: {refusal}")
        return msgspec.structs.replace(
            row,
            expected=None if expected is None else msgspec.to_builtins(expected),
            warning=" ".join(self._registry.warn(info)),
        )

    async def expected(self, kind: str, subject: str, project: Project) -> Expectation | None:
        """Return what a job is likely to take, from like ones before it.

        Raises:
            NotFoundError: there is no such kind of job.
        """
        spec = self._registry.spec("job", kind)
        per_row = isinstance(spec, JobSpec) and spec.per_row
        async with self._database.read() as connection:
            return await expect(
                connection,
                kind,
                subject,
                project_id=project.id,
                rows=project.n_rows if per_row else None,
            )

    async def standing(self, project: Project, expected: Expectation | None) -> EnergyStanding:
        """Return where a project stands with its energy."""
        async with self._database.read() as connection:
            spent = await spent_wh(connection, project.id)
        return standing_of(project, spent, expected)


def standing_of(project: Project, spent: float, expected: Expectation | None) -> EnergyStanding:
    """Put together what a project has spent and may spend."""
    budget = project.budget or {}
    return EnergyStanding(
        spent_wh=spent,
        expected_wh=None if expected is None else expected.wh,
        budget_wh=budget.get("wh"),
        refuse=bool(budget.get("refuse")),
    )
