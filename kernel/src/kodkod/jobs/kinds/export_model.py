"""Write a model in a form that other software loads."""

from __future__ import annotations

from typing import Any, cast

from msgspec import Struct

from kodkod.api import Exportable, InvalidInputError, Model, ModelSpec, PluginError
from kodkod.jobs.coding import read_coding
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.kinds.params import ExportModelParams
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.kinds.score import model_of
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.places import sweep
from kodkod.jobs.workspace import Workspace
from kodkod.project.samples import names_of_columns
from kodkod.store.artefacts import find_model
from kodkod.store.files import whole_folder
from kodkod.store.model_exports import ExportFacts, read_export, write_facts

__all__ = ["ExportModelJob", "ModelExported"]


class ModelExported(Struct, frozen=True, kw_only=True):
    """Which model is written in which form now."""

    model: str
    form: str


class ExportModelJob(ProjectJob[ExportModelParams]):
    """Leaves a folder, from which downloads are made, until the model is deleted."""

    def needs(self, workspace: Workspace) -> Needs:
        """Return what the kind of model needs."""
        row = workspace.read(find_model, self.params.model_id)
        if row is None:
            return Needs()
        return needs_of(workspace.registry.spec("model", row.component), row.params)

    def work(self, ctx: KernelJobContext) -> ModelExported:
        """Load the model and let it write itself; what is written already stays.

        Raises:
            NotFoundError: the model was deleted.
            InvalidInputError: it cannot be written in this form.
        """
        form, workspace = self.params.form, ctx.workspace
        row = model_of(ctx, self.params.model_id)
        spec = cast("ModelSpec", workspace.registry.spec("model", row.component))
        if form not in spec.exports:
            raise InvalidInputError(
                f"The model {row.name!r} ({row.component}) cannot be written as {form!r}; choose "
                f"among {', '.join((*spec.exports, 'kodkod'))}.",
                field="format",
            )
        scheme = read_coding(workspace, ctx.project, row.scheme_id).scheme
        labels = names_of_columns(row.label_ids, scheme.labels)
        places = workspace.places(ctx.project)
        folder = places.export(row.id, form)
        there = read_export(folder)
        if there is None or tuple(there.labels) != labels:
            built: Any = workspace.registry.build("model", row.component, row.params)
            if not isinstance(built, Exportable):
                raise PluginError(
                    f"The model {row.component!r} says that it can be written as {form}, and is "
                    "no Exportable; tell its author."
                )
            cast("Model[Any]", built).load(places.model(row.id) / "fitted")
            ctx.progress(None, f"writing the model as {form}")
            sweep(folder.parent, folder.name)
            with whole_folder(folder) as aside:
                files = aside / "files"
                files.mkdir()
                notes = built.export(files, form, labels, ctx)
                write_facts(aside, ExportFacts(labels=list(labels), notes=notes))
        return ModelExported(model=row.id, form=form)
