"""Prompts: templates of a project, by version."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from numpy.typing import NDArray

from kodkod.api import ConflictError, InvalidInputError, Split
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.few_shot import ExamplePicker
from kodkod.project.fold import said_by_people
from kodkod.project.prompting import Example, Prompter, default_templates
from kodkod.project.scheme import LiveScheme
from kodkod.store import prompts
from kodkod.store.artefacts import new_id
from kodkod.store.database import now
from kodkod.store.matrices import MatrixFolder
from kodkod.store.prompts import ExamplePlan, PromptRow, PromptVersion
from kodkod.web.access import Requires
from kodkod.web.artefacts import named
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.prompt_contract import (
    NewPrompt,
    NewPromptVersion,
    PromptInfo,
    PromptRendering,
    PromptTemplates,
    PromptVersionInfo,
    RenderedPrompt,
)
from kodkod.web.reach import models_of, prompts_of
from kodkod.web.topic_views import known_features

__all__ = ["routes"]

_SHOWN = 3


@get("/projects/{slug:str}/prompts", operation_id="list_prompts", requires=Requires.PROJECT_READER)
async def list_all(project: Project, services: Services) -> Page[PromptInfo]:
    """List the prompts with their versions."""
    live = await services.residency.get(project)
    async with services.database.read() as connection:
        rows = await prompts_of(connection, project)
    known = [(row, live.schemes[row.scheme_id]) for row in rows if row.scheme_id in live.schemes]
    return Page(items=[await _info(services, row, scheme) for row, scheme in known])


@get(
    "/projects/{slug:str}/prompts/{prompt:str}",
    operation_id="get_prompt",
    requires=Requires.PROJECT_READER,
)
async def get_one(project: Project, prompt: FromPath[str], services: Services) -> PromptInfo:
    """Show a prompt with its versions."""
    return await _info(services, *await _find(services, project, prompt))


@get(
    "/projects/{slug:str}/schemes/{scheme:str}/default-prompt",
    operation_id="get_default_prompt",
    tags=["prompts"],
    requires=Requires.PROJECT_READER,
)
async def default(project: Project, scheme: FromPath[str], services: Services) -> PromptTemplates:
    """Show templates to begin with, for a scheme of this type."""
    row = (await services.residency.get(project)).scheme(scheme).row
    system, user = default_templates(row.type)
    return PromptTemplates(system=system, user=user)


@post(
    "/projects/{slug:str}/prompts",
    operation_id="create_prompt",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=201,
)
async def create(
    project: Project, data: JSONBody[NewPrompt], services: Services, identity: Identity
) -> PromptInfo:
    """Make a prompt with its first version."""
    scheme = (await services.residency.get(project)).scheme(data.scheme)
    await _check(services, project, scheme, data)
    row = PromptRow(
        id=new_id(),
        project_id=project.id,
        scheme_id=scheme.row.id,
        name=data.name,
        created_at=now(),
    )
    first = _version(row.id, 1, data, data.note, identity)
    async with services.database.write() as connection:
        await prompts.add_prompt(connection, row, first)
    return await _info(services, row, scheme)


@post(
    "/projects/{slug:str}/prompts/{prompt:str}/versions",
    operation_id="add_prompt_version",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=201,
)
async def add_version(
    project: Project,
    prompt: FromPath[str],
    data: JSONBody[NewPromptVersion],
    services: Services,
    identity: Identity,
) -> PromptInfo:
    """Add a version to a prompt; those before stay as they are."""
    row, scheme = await _find(services, project, prompt)
    await _check(services, project, scheme, data)
    async with services.database.write() as connection:
        newest = await prompts.find_version(connection, row.id)
        if newest is not None and newest.number != data.base:
            raise ConflictError(
                f"The prompt {row.name!r} has a version {newest.number} by now, and yours was "
                f"made of version {data.base}; look at it, then add yours."
            )
        new = _version(row.id, data.base + 1, data, data.note, identity)
        await prompts.add_version(connection, new)
    return await _info(services, row, scheme)


@delete(
    "/projects/{slug:str}/prompts/{prompt:str}",
    operation_id="delete_prompt",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def remove(project: Project, prompt: FromPath[str], services: Services) -> None:
    """Delete a prompt with its versions, which no labelling may ask any more."""
    row, _ = await _find(services, project, prompt)
    async with services.database.write() as connection:
        for model in await models_of(connection, project):
            if model.labelling is not None and model.labelling["prompt_id"] == row.id:
                raise ConflictError(
                    f"The labelling {model.name!r} asks by the prompt {row.name!r}; delete the "
                    "labelling first."
                )
        await prompts.delete_prompt(connection, row.id)


@post(
    "/projects/{slug:str}/prompts/renderings",
    operation_id="render_prompt",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=200,
)
async def render(
    project: Project, data: JSONBody[PromptRendering], services: Services
) -> Page[RenderedPrompt]:
    """Show what would be sent for a few texts. Nothing is sent, and nothing stored.

    Examples are those that a labelling would show which began now: of what people have annotated
    in the train split.
    """
    scheme = (await services.residency.get(project)).scheme(data.scheme)
    prompter, vectors = await _check(services, project, scheme, data)
    corpus = scheme.corpus
    rows = corpus.rows_of(data.ids) if data.ids else list(range(min(_SHOWN, len(corpus))))
    items = await asyncio.to_thread(_rendered, scheme, prompter, data.examples, rows, vectors)
    return Page(items=items)


def _rendered(
    scheme: LiveScheme,
    prompter: Prompter,
    plan: ExamplePlan,
    rows: Sequence[int],
    vectors: Path | None,
) -> list[RenderedPrompt]:
    corpus = scheme.corpus
    said, values = scheme.fold.resolved(said_by_people)
    kept = corpus.splits[said] == Split.TRAIN.code
    values = [value for value, keep in zip(values, kept, strict=True) if keep]
    said = said[kept]
    value_of = dict(zip(said.tolist(), values, strict=True))
    near = None if vectors is None else cast("NDArray[Any]", MatrixFolder(vectors).open())
    picker = ExamplePicker(plan, said, values, scheme.scheme_type.labels_of, near)
    found = []
    for row in rows:
        examples = [
            Example(text=corpus.text_of(each), value=value_of[each], id=corpus.id_of(each))
            for each in picker.pick(row)
        ]
        id_ = corpus.id_of(row)
        messages = prompter.messages(corpus.text_of(row), id_, corpus.context_of(row), examples)
        found.append(RenderedPrompt(id=id_, messages=list(messages)))
    return found


async def _check(
    services: Services, project: Project, scheme: LiveScheme, data: PromptTemplates
) -> tuple[Prompter, Path | None]:
    """Compile the templates, so that what is amiss is told before anything is stored.

    Returns the folder of the vectors too that examples are near by, if they are to be near.
    """
    vectors = await _vectors(services, project, data.examples)
    columns: Sequence[str] = project.config.get("context_columns", ())
    prompter = await asyncio.to_thread(Prompter, data.system, data.user, scheme.row, columns)
    return prompter, vectors


async def _vectors(services: Services, project: Project, plan: ExamplePlan) -> Path | None:
    if (plan.how == "nearest") != (plan.feature is not None):
        raise InvalidInputError(
            "The nearest examples need the feature that says what is near; others need none.",
            field="examples",
        )
    if plan.feature is None:
        return None
    feature = named(project, await known_features(services, project), plan.feature, "feature")
    if feature.sparse:
        raise InvalidInputError(
            f"The feature {feature.name!r} is sparse; what is near is told by a dense one, such as "
            "embeddings.",
            field="examples",
        )
    return ProjectPlaces.of(services.settings, project.slug).feature(feature.id)


def _version(
    prompt_id: str, number: int, data: PromptTemplates, note: str, identity: Identity
) -> PromptVersion:
    return PromptVersion(
        prompt_id=prompt_id,
        number=number,
        system=data.system,
        user=data.user,
        examples=data.examples,
        note=note,
        created_by=identity.user_id,
        created_at=now(),
    )


async def _find(services: Services, project: Project, prompt: str) -> tuple[PromptRow, LiveScheme]:
    live = await services.residency.get(project)
    async with services.database.read() as connection:
        rows = await prompts_of(connection, project)
    # Another server may have deleted the scheme just now.
    row = named(project, (row for row in rows if row.scheme_id in live.schemes), prompt, "prompt")
    return row, live.schemes[row.scheme_id]


async def _info(services: Services, row: PromptRow, scheme: LiveScheme) -> PromptInfo:
    async with services.database.read() as connection:
        versions = await prompts.list_versions(connection, row.id)
    await services.names.know([version.created_by for version in versions])
    return PromptInfo(
        id=row.id,
        name=row.name,
        scheme=scheme.row.name,
        created_at=row.created_at,
        versions=[
            PromptVersionInfo(
                number=version.number,
                system=version.system,
                user=version.user,
                examples=version.examples,
                note=version.note,
                created_by=services.names[version.created_by],
                created_at=version.created_at,
            )
            for version in versions
        ],
    )


routes: list[ControllerRouterHandler] = [
    list_all,
    get_one,
    default,
    create,
    add_version,
    remove,
    render,
]
