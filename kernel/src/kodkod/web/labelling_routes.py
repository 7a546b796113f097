"""Labellings: an LLM asked about texts, as a predictor whose answers are kept one by one."""

from __future__ import annotations

from typing import Annotated, cast

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import (
    InvalidInputError,
    LabellerSpec,
    NotFoundError,
    ScoreReport,
    decode_params,
)
from kodkod.jobs.needs import subject_of
from kodkod.jobs.provenance import provenance_of
from kodkod.project.fold import said_by_people
from kodkod.project.labelling import Labelling
from kodkod.project.scheme import LiveScheme
from kodkod.project.teaching import Taught
from kodkod.store import artefacts
from kodkod.store.artefacts import ModelRow, new_id
from kodkod.store.database import now
from kodkod.store.prompts import find_version
from kodkod.store.replies import ReplyRow, ReplyState, ReplyTotals, list_replies, totals_by_model
from kodkod.web.access import Requires
from kodkod.web.artefacts import named, start_job
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.labelling_contract import (
    LabellingInfo,
    NewLabelling,
    NewLabellingPlan,
    NewLabellingRun,
    ReplyView,
)
from kodkod.web.model_routes import forget_model
from kodkod.web.paging import Cursor, Limit, next_cursor, parse_cursor
from kodkod.web.reach import models_of, prompts_of
from kodkod.web.seeing import sees_all

__all__ = ["routes", "scheme_and_labelling"]

State = Annotated[
    ReplyState | None, QueryParameter(name="state", description="Replies in this state alone.")
]


@get(
    "/projects/{slug:str}/labellings",
    operation_id="list_labellings",
    requires=Requires.PROJECT_READER,
)
async def list_all(project: Project, services: Services) -> Page[LabellingInfo]:
    """List the labellings with what they have come to and cost so far."""
    live = await services.residency.get(project)
    rows = [row for row in await _labellings(services, project) if row.scheme_id in live.schemes]
    async with services.database.read() as connection:
        totals = await totals_by_model(connection, project.id, [row.id for row in rows])
    return Page(
        items=[_info(services, live.schemes[row.scheme_id], row, totals[row.id]) for row in rows]
    )


@get(
    "/projects/{slug:str}/labellings/{labelling:str}",
    operation_id="get_labelling",
    requires=Requires.PROJECT_READER,
)
async def get_one(project: Project, labelling: FromPath[str], services: Services) -> LabellingInfo:
    """Show a labelling."""
    scheme, row = await scheme_and_labelling(services, project, labelling)
    async with services.database.read() as connection:
        totals = await totals_by_model(connection, project.id, [row.id])
    return _info(services, scheme, row, totals[row.id])


@post(
    "/projects/{slug:str}/labellings",
    operation_id="create_labelling",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=201,
)
async def create(
    project: Project, data: JSONBody[NewLabelling], services: Services
) -> LabellingInfo:
    """Say who is to be asked what. Nothing is asked before it is run."""
    scheme = (await services.residency.get(project)).scheme(data.scheme)
    spec = cast("LabellerSpec", services.registry.spec("labeller", data.labeller))
    if scheme.row.type not in spec.scheme_types:
        raise InvalidInputError(
            f"The labeller {spec.name!r} answers {', '.join(spec.scheme_types)}, and the scheme "
            f"{scheme.row.name!r} is {scheme.row.type}; choose another labeller.",
            field="labeller",
        )
    if not scheme.coder.labels:
        raise InvalidInputError(
            f"The scheme {scheme.row.name!r} has no labels to choose among; add them first.",
            field="scheme",
        )
    async with services.database.read() as connection:
        prompt = named(project, await prompts_of(connection, project), data.prompt, "prompt")
        version = await find_version(connection, prompt.id, data.version)
    if version is None:
        raise NotFoundError(f"The prompt {prompt.name!r} has no version {data.version}.")
    if prompt.scheme_id != scheme.row.id:
        raise InvalidInputError(
            f"The prompt {prompt.name!r} is for another scheme; choose one for "
            f"{scheme.row.name!r}.",
            field="prompt",
        )
    facts = Labelling(
        prompt_id=prompt.id, prompt=prompt.name, version=version.number, justify=data.justify
    )
    made_of = provenance_of(services.registry, "labeller", data.labeller, seconds=0.0, gpu=False)
    row = ModelRow(
        id=new_id(),
        project_id=project.id,
        scheme_id=scheme.row.id,
        name=data.name,
        component=data.labeller,
        params=msgspec.to_builtins(decode_params(spec.params, data.params)),
        features=[],
        label_ids=list(scheme.coder.ids),
        n_train=0,
        trained_at_seq=scheme.fold.seq,
        corpus_fingerprint=project.corpus_fingerprint,
        seed=0,
        scores={},
        predicted_rows=None,
        created_at=now(),
        training=msgspec.to_builtins(Taught(labels=list(scheme.coder.names))),
        provenance=msgspec.to_builtins(made_of),
        labelling=msgspec.to_builtins(facts),
    )
    async with services.database.write() as connection:
        await artefacts.add_model(connection, row)
    return _info(services, scheme, row, ReplyTotals())


@delete(
    "/projects/{slug:str}/labellings/{labelling:str}",
    operation_id="delete_labelling",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def remove(project: Project, labelling: FromPath[str], services: Services) -> None:
    """Delete a labelling. Its replies stay: who asks the same again does not pay again."""
    _, row = await scheme_and_labelling(services, project, labelling)
    await forget_model(services, project, row)


@post(
    "/projects/{slug:str}/labellings/{labelling:str}/plans",
    operation_id="plan_labelling",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def plan(
    project: Project,
    labelling: FromPath[str],
    data: JSONBody[NewLabellingPlan],
    services: Services,
    identity: Identity,
) -> JobView:
    """Start reckoning what a run would take; the job's result says, and nothing is asked."""
    _, row = await scheme_and_labelling(services, project, labelling)
    return await start_job(
        services,
        project,
        identity,
        "plan-labelling",
        {"model_id": row.id, "rows": msgspec.to_builtins(data.rows)},
        subject=subject_of(row.component, row.params),
    )


@post(
    "/projects/{slug:str}/labellings/{labelling:str}/runs",
    operation_id="run_labelling",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def run(
    project: Project,
    labelling: FromPath[str],
    data: JSONBody[NewLabellingRun],
    services: Services,
    identity: Identity,
) -> JobView:
    """Start asking. Each reply is kept as it comes; what was answered before is not asked."""
    _, row = await scheme_and_labelling(services, project, labelling)
    return await start_job(
        services,
        project,
        identity,
        "label",
        {
            "model_id": row.id,
            "rows": msgspec.to_builtins(data.rows),
            "ceiling": msgspec.to_builtins(data.ceiling),
            "unparsed_again": data.unparsed_again,
        },
        gpu=services.registry.spec("labeller", row.component).resources.gpu,
        # Two runs of a labelling at once would ask the same.
        lock_key=f"label:{row.id}",
        subject=subject_of(row.component, row.params),
    )


@get(
    "/projects/{slug:str}/labellings/{labelling:str}/replies",
    operation_id="list_replies",
    requires=Requires.PROJECT_READER,
    guards=[sees_all],
)
async def replies(
    project: Project,
    labelling: FromPath[str],
    services: Services,
    in_state: State = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ReplyView]:
    """List what was replied, text by text, beside what people say."""
    scheme, row = await scheme_and_labelling(services, project, labelling)
    after = -1 if cursor is None else parse_cursor(cursor)
    async with services.database.read() as connection:
        found = await list_replies(
            connection, project.id, row.id, state=in_state, after=after, limit=limit
        )
    return Page(
        items=[_view(scheme, at, reply) for at, reply in found],
        cursor=next_cursor([at for at, _ in found], limit),
    )


async def _labellings(services: Services, project: Project) -> list[ModelRow]:
    async with services.database.read() as connection:
        rows = await models_of(connection, project)
    return [row for row in rows if row.kind == "labeller"]


async def scheme_and_labelling(
    services: Services, project: Project, labelling: str
) -> tuple[LiveScheme, ModelRow]:
    """Return a labelling by id or name, and its scheme.

    Raises:
        NotFoundError: the project has none.
    """
    row = named(project, await _labellings(services, project), labelling, "labelling")
    live = await services.residency.get(project)
    if row.scheme_id not in live.schemes:
        raise NotFoundError(f"The project has no labelling {labelling!r}.")
    return live.schemes[row.scheme_id], row


def _info(
    services: Services, scheme: LiveScheme, row: ModelRow, totals: ReplyTotals
) -> LabellingInfo:
    facts = msgspec.convert(row.labelling, Labelling)
    return LabellingInfo(
        id=row.id,
        name=row.name,
        scheme=scheme.row.name,
        labeller=row.component,
        params=row.params,
        prompt=facts.prompt,
        version=facts.version,
        justify=facts.justify,
        remote=_remote(services, row),
        totals=totals,
        scores=msgspec.convert(row.scores, dict[str, ScoreReport]),
        created_at=row.created_at,
    )


def _remote(services: Services, row: ModelRow) -> bool | None:
    try:
        return cast("LabellerSpec", services.registry.spec("labeller", row.component)).remote
    except NotFoundError:
        return None


def _view(scheme: LiveScheme, row: int, reply: ReplyRow) -> ReplyView:
    human = scheme.fold.value_of(scheme.fold.counted(row, said_by_people))
    return ReplyView(
        id=scheme.corpus.id_of(row),
        row=row,
        text=scheme.corpus.text_of(row),
        value=scheme.coder.read(reply.value),
        human=human,
        **{
            name: getattr(reply, name)
            for name in (
                "state",
                "confidence",
                "justification",
                "problem",
                "raw",
                "tokens_in",
                "tokens_out",
                "calls",
                "seconds",
                "cost",
                "wh",
            )
        },
    )


routes: list[ControllerRouterHandler] = [list_all, get_one, create, remove, plan, run, replies]
