"""Simulate active learning on a project's own annotations."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.params import SimulateParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.places import sweep
from kodkod.jobs.simulating import Subject, simulate_project
from kodkod.simulation.drawing import write_plots
from kodkod.store.files import whole_folder

__all__ = ["SimulateJob", "SimulationMade"]


class SimulationMade(Struct, frozen=True, kw_only=True):
    """The id of the simulation, which is the job's."""

    simulation: str


class SimulateJob(ProjectJob[SimulateParams]):
    """Its report lies in a folder named after the job: a second run replaces the first one's."""

    def work(self, ctx: KernelJobContext) -> SimulationMade:
        """Simulate, then write report.json, curves.svg and curves.png.

        Raises:
            InvalidInputError: the annotations do not suffice, or a strategy cannot be simulated.
        """
        params, project = self.params, ctx.project
        subject = Subject(
            project=project,
            scheme_id=params.scheme_id,
            features=params.features,
            id=ctx.job.id,
            name=params.name,
        )
        report = simulate_project(ctx.workspace, subject, params.plan, ctx)
        for note in report.notes:
            ctx.log(note)
        ctx.progress(1.0, "drawing")
        folder = ctx.workspace.places(project).simulation(ctx.job.id)
        sweep(folder.parent, folder.name)
        with whole_folder(folder) as aside:
            write_plots(report, aside)
            (aside / "report.json").write_bytes(msgspec.json.encode(report))
        return SimulationMade(simulation=ctx.job.id)
