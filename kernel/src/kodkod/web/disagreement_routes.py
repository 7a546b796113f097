"""What is disagreed on, the most severe first, with a suggestion and who is to decide."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast

from litestar import get
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import (
    InvalidInputError,
    Split,
)
from kodkod.project.consensus import Suggestions
from kodkod.project.disagreements import (
    DisagreementFilter,
    seen_of,
    votes_of,
)
from kodkod.project.scheme import LiveScheme
from kodkod.store.adjudicators import (
    assignments_of,
)
from kodkod.web.access import Requires
from kodkod.web.adjudicating import scheme_to_decide, suggestions_of
from kodkod.web.adjudication_contract import (
    ConsensusSuggestion,
    Disagreement,
    VoteView,
)
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, ProjectRole, Services
from kodkod.web.ranked_paging import page_after, ranked_cursor
from kodkod.web.views import given_annotation

__all__ = ["routes"]

_PATH = "/projects/{slug:str}/schemes/{scheme:str}"


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
    there = await scheme_to_decide(services, project, scheme, identity, project_role)
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
    known = await suggestions_of(services, there, consensus, {}) if places else None
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


routes: list[ControllerRouterHandler] = [
    list_disagreements,
]
