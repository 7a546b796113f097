"""Decisions: made, taken back, and suggestions that are accepted by one act."""

from __future__ import annotations

import asyncio
from typing import Annotated, cast

from litestar import delete, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import (
    ConflictError,
    InvalidInputError,
    InvalidValueError,
)
from kodkod.project.consensus import Suggestions
from kodkod.project.disagreements import (
    DisagreementFilter,
    changes_since,
)
from kodkod.project.scheme import LiveScheme
from kodkod.store.log import NewEntry
from kodkod.web.accepting import accept, withdraw_act
from kodkod.web.access import Requires
from kodkod.web.adjudicating import scheme_to_decide, suggestions_of
from kodkod.web.adjudication_contract import (
    Accepted,
    Adjudicated,
    Decision,
    NewAcceptance,
    NewAdjudications,
    Withdrawn,
)
from kodkod.web.coded import coded, decision_entry
from kodkod.web.given import Identity, Project, ProjectRole, Services

__all__ = ["routes"]

_PATH = "/projects/{slug:str}/schemes/{scheme:str}"
_UNDECIDED = DisagreementFilter()


@post(
    f"{_PATH}/adjudications",
    operation_id="adjudicate",
    tags=["adjudication"],
    requires=Requires.PROJECT_ANNOTATOR,
    status_code=201,
)
async def adjudicate(
    project: Project,
    project_role: ProjectRole,
    scheme: FromPath[str],
    data: JSONBody[NewAdjudications],
    services: Services,
    identity: Identity,
) -> Adjudicated:
    """Decide what texts' values are. Each is an entry of its own; no vote changes by it."""
    there = await scheme_to_decide(services, project, scheme, identity, project_role)
    rows = there.corpus.rows_of([each.id for each in data.decisions])
    await services.names.refresh()
    # One after the other, so that nobody decides on what somebody else is deciding.
    async with services.labelling[there.row.id]:
        entries = [
            _entry(services, there, identity, index, decision, row)
            for index, (decision, row) in enumerate(zip(data.decisions, rows, strict=True))
        ]
        return Adjudicated(seq=await services.log.append(entries))


def _entry(
    services: Services,
    scheme: LiveScheme,
    identity: Identity,
    index: int,
    decision: Decision,
    row: int,
) -> NewEntry:
    where = f"decisions[{index}]"
    changed = changes_since(scheme.fold, row, decision.seen)
    if changed is not None:
        news = ", ".join(
            f"{services.names[each.user_id]} now says {scheme.fold.value_of(each)!r:.80}"
            + (" by adjudication" if each.source == "adjudication" else "")
            for each in changed
        )
        raise ConflictError(
            f"{where}, text {decision.id!r}: what is said of it has changed since you looked: "
            f"{news or 'something was taken back'}. Look at it again, then decide."
        )
    raw = coded(scheme, decision.value, row, where, decision.id)
    if raw is None:
        raise InvalidValueError(
            f"{where}, text {decision.id!r}: a decision needs a value; DELETE takes one back.",
            field=where,
        )
    return decision_entry(
        scheme,
        identity,
        row=row,
        value=raw,
        comment=decision.comment,
        seconds=decision.seconds,
    )


@delete(
    f"{_PATH}/adjudications",
    operation_id="withdraw_adjudication",
    tags=["adjudication"],
    requires=Requires.PROJECT_ANNOTATOR,
    status_code=200,
)
async def withdraw(
    project: Project,
    project_role: ProjectRole,
    scheme: FromPath[str],
    services: Services,
    identity: Identity,
    text_id: Annotated[str | None, QueryParameter(name="id")] = None,
    act: FromQuery[str | None] = None,
) -> Withdrawn:
    """Take back the decision that counts for a text, or all of an act; the log keeps both."""
    there = await scheme_to_decide(services, project, scheme, identity, project_role)
    if (text_id is None) == (act is None):
        raise InvalidInputError("Name either a text by id, or an act.", field="id")
    async with services.labelling[there.row.id]:
        if act is not None:
            return Withdrawn(seq=await withdraw_act(services, there, identity, act))
        [row] = there.corpus.rows_of([cast("str", text_id)])
        counted = there.fold.counted(row)
        if counted is None or counted.source != "adjudication":
            raise ConflictError(f"Nothing is decided on the text {text_id!r}.")
        entry = decision_entry(there, identity, row=row, value=None, undoes=counted.seq)
        return Withdrawn(seq=await services.log.append([entry]))


@post(
    f"{_PATH}/adjudications/accept",
    operation_id="accept_suggestions",
    tags=["adjudication"],
    requires=Requires.PROJECT_ANNOTATOR,
    status_code=200,
)
async def accept_suggestions(
    project: Project,
    project_role: ProjectRole,
    scheme: FromPath[str],
    data: JSONBody[NewAcceptance],
    services: Services,
    identity: Identity,
) -> Accepted:
    """Let suggestions decide what is disagreed on and not decided; first see how many they are."""
    there = await scheme_to_decide(services, project, scheme, identity, project_role)
    async with services.labelling[there.row.id]:
        known = await suggestions_of(services, there, data.consensus, data.params)
        values = await asyncio.to_thread(_acceptable, there, known, data)
        if data.expected is None:
            return Accepted(count=len(values), act=None)
        if data.expected != len(values):
            raise ConflictError(
                f"{len(values)} texts have such a suggestion now, not {data.expected}; see the "
                "preview again, then accept."
            )
        act = await accept(services, there, identity, values, data.consensus, data.min_confidence)
    return Accepted(count=len(values), act=act)


def _acceptable(
    scheme: LiveScheme, known: Suggestions, data: NewAcceptance
) -> list[tuple[int, str, str]]:
    _, rows = scheme.disagreements.ranked(_UNDECIDED, scheme.corpus.splits)
    found: list[tuple[int, str, str]] = []
    for row in rows.tolist():
        each = known.by_row.get(row)
        if each is None or each.value is None or each.confidence < data.min_confidence:
            continue
        raw = scheme.coder.code(each.value, scheme.corpus.text_of(row))
        if raw is not None:
            found.append((row, raw, f"{data.consensus}, confidence {each.confidence:.3f}"))
    return found


routes: list[ControllerRouterHandler] = [
    adjudicate,
    withdraw,
    accept_suggestions,
]
