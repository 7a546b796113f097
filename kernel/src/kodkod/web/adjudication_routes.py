"""Adjudication: what is disagreed on, decisions, suggestions, and who decides."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast

from litestar import delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import (
    ConflictError,
    Consensus,
    ForbiddenError,
    InvalidInputError,
    InvalidValueError,
    Split,
)
from kodkod.project.consensus import Suggestions, suggest
from kodkod.project.disagreements import (
    DisagreementFilter,
    changes_since,
    seen_of,
    votes_of,
)
from kodkod.project.scheme import LiveScheme
from kodkod.store.adjudicators import (
    assign,
    assignments_of,
    list_adjudicators,
    members_named,
    set_adjudicators,
)
from kodkod.store.log import NewEntry
from kodkod.web.accepting import accept, withdraw_act
from kodkod.web.access import Requires
from kodkod.web.adjudication_contract import (
    Accepted,
    Adjudicated,
    Adjudicators,
    Assignment,
    ConsensusSuggestion,
    Decision,
    Disagreement,
    NewAcceptance,
    NewAdjudications,
    VoteView,
    Withdrawn,
)
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, ProjectRole, Services
from kodkod.web.ranked_paging import page_after, ranked_cursor
from kodkod.web.views import given_annotation

__all__ = ["routes"]

_PATH = "/projects/{slug:str}/schemes/{scheme:str}"
_UNDECIDED = DisagreementFilter()


async def _scheme_to_decide(
    services: Services, project: Project, name: str, identity: Identity, role: ProjectRole
) -> LiveScheme:
    """Return a scheme that the user adjudicates.

    Raises:
        ForbiddenError: they are neither a manager of the project nor named for the scheme.
    """
    scheme = (await services.residency.get(project)).scheme(name)
    if role != "manager":
        async with services.database.read() as connection:
            named = await list_adjudicators(connection, scheme.row.id)
        if identity.user_id not in named:
            raise ForbiddenError(
                f"Only managers and the adjudicators of {name!r} may do this; ask a manager to "
                "name you."
            )
    return scheme


@get(
    f"{_PATH}/disagreements",
    operation_id="list_disagreements",
    tags=["adjudication"],
    requires=Requires.PROJECT_ANNOTATOR,
)
async def list_disagreements(  # the parameters are the query string
    project: Project,
    project_role: ProjectRole,
    scheme: FromPath[str],
    services: Services,
    identity: Identity,
    between: FromQuery[list[str] | None] = None,
    label: FromQuery[str | None] = None,
    split: FromQuery[Literal["train", "valid", "test"] | None] = None,
    decided: FromQuery[Literal["no", "yes", "all"]] = "no",
    assigned: FromQuery[str | None] = None,
    consensus: FromQuery[str] = "majority",
    cursor: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 20,
) -> Page[Disagreement]:
    """List what coders disagree on, the most severe first, side by side with a suggestion."""
    there = await _scheme_to_decide(services, project, scheme, identity, project_role)
    await services.names.refresh()
    async with services.database.read() as connection:
        goes_to = await assignments_of(connection, there.row.id)
    users = services.names.ids()
    rows = None
    if assigned is not None:
        to = _user(users, assigned, "assigned")
        rows = frozenset(row for row, user in goes_to.items() if user == to)
    wanted = DisagreementFilter(
        pair=_pair(users, between or ()),
        label=label,
        split=None if split is None else Split(split).code,
        decided={"no": False, "yes": True, "all": None}[decided],
        rows=rows,
    )
    keys, ranked = await asyncio.to_thread(there.disagreements.ranked, wanted, there.corpus.splits)
    places = page_after(keys, ranked, cursor, limit).tolist()
    known = await _suggestions(services, there, consensus, {}) if places else None
    items = [
        _view(services, there, int(ranked[place]), consensus, known, goes_to) for place in places
    ]
    last = places[-1] if len(places) == limit else None
    after = None if last is None else ranked_cursor(float(keys[last]), int(ranked[last]))
    return Page(items=items, cursor=after)


def _pair(users: dict[str, int], between: Sequence[str]) -> tuple[int, int] | None:
    if not between:
        return None
    if len(between) != 2:
        raise InvalidInputError("between takes two usernames: name it twice.", field="between")
    return _user(users, between[0], "between"), _user(users, between[1], "between")


def _user(users: dict[str, int], name: str, field: str) -> int:
    if name not in users:
        raise InvalidInputError(f"There is no user {name!r}.", field=field)
    return users[name]


async def _suggestions(
    services: Services, scheme: LiveScheme, name: str, params: dict[str, Any]
) -> Suggestions:
    """Return what a consensus suggests now; worked out once for each state of the log."""
    fold, coder = scheme.fold, scheme.coder
    state = (fold.seq, coder, name, repr(sorted(params.items())))
    if scheme.suggested is not None and scheme.suggested[0] == state:
        return scheme.suggested[1]
    built = cast("Consensus[Any]", services.registry.build("consensus", name, params))
    found = await asyncio.to_thread(suggest, fold, coder, built, scheme.corpus.text_of)
    scheme.suggested = (state, found)
    return found


def _view(
    services: Services,
    scheme: LiveScheme,
    row: int,
    consensus: str,
    known: Suggestions | None,
    goes_to: dict[int, int],
) -> Disagreement:
    names, fold, corpus = services.names, scheme.fold, scheme.corpus
    competence = known.competence if known else {}
    suggested = known.by_row.get(row) if known else None
    return Disagreement(
        id=corpus.id_of(row),
        row=row,
        split=cast("Any", corpus.split_of(row).value),
        text=corpus.text_of(row),
        context=corpus.context_of(row),
        severity=scheme.disagreements.severity(row),
        votes=[
            VoteView(
                seq=vote.seq,
                user=names[vote.user_id],
                value=value,
                source=vote.source,
                comment=vote.comment,
                seconds=vote.seconds,
                created_at=vote.created_at,
                competence=competence.get(vote.user_id),
            )
            for vote, value in votes_of(fold, row)
        ],
        adjudications=[
            given_annotation(scheme, each, names)
            for each in fold.adjudications.get(row, {}).values()
        ],
        seen=seen_of(fold, row),
        suggestion=suggested
        and ConsensusSuggestion(
            consensus=consensus,
            value=suggested.value,
            confidence=suggested.confidence,
            tied=suggested.tied,
            probabilities=suggested.probabilities,
        ),
        assigned_to=names[goes_to[row]] if row in goes_to else None,
    )


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
    there = await _scheme_to_decide(services, project, scheme, identity, project_role)
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
    try:
        raw = scheme.coder.code(decision.value, scheme.corpus.text_of(row))
    except InvalidValueError as error:
        raise InvalidValueError(
            f"{where}, text {decision.id!r}: {error.message}", field=where
        ) from error
    if raw is None:
        raise InvalidValueError(
            f"{where}, text {decision.id!r}: a decision needs a value; DELETE takes one back.",
            field=where,
        )
    return NewEntry(
        project_id=scheme.row.project_id,
        scheme_id=scheme.row.id,
        op="set",
        row=row,
        user_id=identity.user_id,
        value=raw,
        source="adjudication",
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
    there = await _scheme_to_decide(services, project, scheme, identity, project_role)
    if (text_id is None) == (act is None):
        raise InvalidInputError("Name either a text by id, or an act.", field="id")
    async with services.labelling[there.row.id]:
        if act is not None:
            return Withdrawn(seq=await withdraw_act(services, there, identity, act))
        [row] = there.corpus.rows_of([cast("str", text_id)])
        counted = there.fold.counted(row)
        if counted is None or counted.source != "adjudication":
            raise ConflictError(f"Nothing is decided on the text {text_id!r}.")
        entry = NewEntry(
            project_id=project.id,
            scheme_id=there.row.id,
            op="set",
            row=row,
            user_id=identity.user_id,
            value=None,
            source="adjudication",
            undoes=counted.seq,
        )
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
    there = await _scheme_to_decide(services, project, scheme, identity, project_role)
    async with services.labelling[there.row.id]:
        known = await _suggestions(services, there, data.consensus, data.params)
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


@get(
    f"{_PATH}/adjudicators",
    operation_id="get_adjudicators",
    tags=["adjudication"],
    requires=Requires.PROJECT_ANNOTATOR,
)
async def get_adjudicators(
    project: Project, scheme: FromPath[str], services: Services
) -> Adjudicators:
    """Tell who adjudicates a scheme, besides the project's managers."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.read() as connection:
        named = await list_adjudicators(connection, there.row.id)
    return Adjudicators(usernames=tuple(named.values()))


@put(
    f"{_PATH}/adjudicators",
    operation_id="put_adjudicators",
    tags=["adjudication"],
    requires=Requires.PROJECT_MANAGER,
)
async def put_adjudicators(
    project: Project, scheme: FromPath[str], data: JSONBody[Adjudicators], services: Services
) -> Adjudicators:
    """Name members of the project who adjudicate a scheme, in place of those named before."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.write() as connection:
        members = await members_named(connection, project.id, data.usernames)
        _refuse_strangers(data.usernames, members)
        await set_adjudicators(connection, there.row.id, set(members.values()))
        named = await list_adjudicators(connection, there.row.id)
    return Adjudicators(usernames=tuple(named.values()))


@put(
    f"{_PATH}/disagreements/assignments",
    operation_id="assign_disagreements",
    tags=["adjudication"],
    requires=Requires.PROJECT_MANAGER,
    status_code=204,
)
async def assign_disagreements(
    project: Project, scheme: FromPath[str], data: JSONBody[Assignment], services: Services
) -> None:
    """Let an adjudicator decide on these texts; others still may."""
    there = (await services.residency.get(project)).scheme(scheme)
    rows = there.corpus.rows_of(data.ids)
    async with services.database.write() as connection:
        user_id = None
        if data.adjudicator is not None:
            members = await members_named(connection, project.id, [data.adjudicator])
            _refuse_strangers([data.adjudicator], members)
            user_id = members[data.adjudicator]
        await assign(connection, there.row.id, set(rows), user_id)


def _refuse_strangers(usernames: Sequence[str], members: dict[str, int]) -> None:
    strangers = [name for name in usernames if name not in members]
    if strangers:
        raise InvalidInputError(
            f"{strangers[0]!r} is no member of the project; add them first.", field="usernames"
        )


routes: list[ControllerRouterHandler] = [
    list_disagreements,
    adjudicate,
    withdraw,
    accept_suggestions,
    get_adjudicators,
    put_adjudicators,
    assign_disagreements,
]
