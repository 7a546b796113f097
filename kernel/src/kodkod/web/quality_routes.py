"""Quality: texts whose answer is known, and how well each person codes."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import ConflictError, InvalidInputError
from kodkod.project import annotators
from kodkod.project.annotators import Coded, Ratio
from kodkod.project.scheme import LiveScheme
from kodkod.store.gold import delete_gold, put_gold
from kodkod.store.log import NewEntry
from kodkod.web.access import Requires
from kodkod.web.coded import coded, decision_entry
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.making_schemes import tell_of_scheme
from kodkod.web.names import Names
from kodkod.web.quality_contract import (
    AnnotatorPeriod,
    AnnotatorQuality,
    Drift,
    GoldIds,
    GoldTextInfo,
    NewGold,
    NewGolds,
    Seconds,
    Share,
)

__all__ = ["routes"]

_PATH = "/projects/{slug:str}/schemes/{scheme:str}"


@get(f"{_PATH}/gold", operation_id="list_gold", tags=["quality"], requires=Requires.PROJECT_MANAGER)
async def list_all(
    project: Project, scheme: FromPath[str], services: Services
) -> Page[GoldTextInfo]:
    """List a scheme's gold texts in the order of their rows."""
    there = (await services.residency.get(project)).scheme(scheme)
    await services.names.refresh()
    return Page(items=[_gold_text(there, row, services.names) for row in there.gold.texts])


@put(f"{_PATH}/gold", operation_id="put_gold", tags=["quality"], requires=Requires.PROJECT_MANAGER)
async def put_texts(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[NewGolds],
    services: Services,
    identity: Identity,
) -> Page[GoldTextInfo]:
    """Make texts gold. What is right becomes a decision of the log where it is none yet."""
    there = (await services.residency.get(project)).scheme(scheme)
    rows = there.corpus.rows_of([each.id for each in data.texts])
    if len(set(rows)) < len(rows):
        raise InvalidInputError("A text is named twice.", field="texts")
    async with services.labelling[there.row.id]:
        entries = [
            entry
            for index, (new, row) in enumerate(zip(data.texts, rows, strict=True))
            if (entry := _decision(there, index, new, row, identity)) is not None
        ]
        if entries:
            await services.log.append(entries)
        texts = [
            (row, each.attention, each.note) for each, row in zip(data.texts, rows, strict=True)
        ]
        async with services.database.write() as connection:
            await put_gold(connection, there.row.id, identity.user_id, texts)
        await tell_of_scheme(services, project, there.row.id, "scheme.changed", identity.username)
    await services.names.refresh()
    return Page(items=[_gold_text(there, row, services.names) for row in rows])


def _decision(
    scheme: LiveScheme, index: int, new: NewGold, row: int, identity: Identity
) -> NewEntry | None:
    where = f"texts[{index}]"
    fold = scheme.fold
    counted = fold.counted(row)
    decided = counted is not None and counted.source == "adjudication"
    if new.value is None:
        if decided:
            return None
        if counted is None:
            raise ConflictError(
                f"{where}, text {new.id!r}: nobody has said anything of it; send the right value."
            )
    value: Any = fold.value_of(counted) if new.value is None else new.value
    raw = coded(scheme, value, row, where, new.id)
    if decided and scheme.coder.read(raw) == fold.value_of(counted):
        return None
    return decision_entry(scheme, identity, row=row, value=raw, comment=new.note)


@post(
    f"{_PATH}/gold/remove",
    operation_id="remove_gold",
    tags=["quality"],
    requires=Requires.PROJECT_MANAGER,
    status_code=204,
)
async def remove(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[GoldIds],
    services: Services,
    identity: Identity,
) -> None:
    """Let texts be gold no longer. What was decided and said of them stays."""
    there = (await services.residency.get(project)).scheme(scheme)
    rows = there.corpus.rows_of(data.ids)
    async with services.database.write() as connection:
        await delete_gold(connection, there.row.id, rows)
    await tell_of_scheme(services, project, there.row.id, "scheme.changed", identity.username)


@get(
    f"{_PATH}/annotators",
    operation_id="list_annotators",
    tags=["quality"],
    requires=Requires.PROJECT_MANAGER,
)
async def list_annotators(
    project: Project,
    scheme: FromPath[str],
    services: Services,
    periods: Annotated[int, QueryParameter(ge=1, le=50)] = 10,
) -> Page[AnnotatorQuality]:
    """Show how each person codes: speed, right answers, agreement, drift; the busiest first."""
    there = (await services.residency.get(project)).scheme(scheme)
    await services.names.refresh()
    shown = await asyncio.to_thread(_annotators, there, services.names, periods)
    return Page(items=shown)


def _annotators(scheme: LiveScheme, names: Names, n: int) -> list[AnnotatorQuality]:
    by_user = annotators.coded_by(scheme)
    busiest = sorted(by_user.items(), key=lambda one: (-len(one[1]), names[one[0]]))
    return [_annotator(scheme, names[user], coded, n) for user, coded in busiest]


def _annotator(scheme: LiveScheme, name: str, coded: list[Coded], n: int) -> AnnotatorQuality:
    times = annotators.seconds_of(coded)
    q1, q2, q3 = annotators.quartiles(times) or (None, None, None)
    return AnnotatorQuality(
        username=name,
        annotated=len(coded),
        first_at=coded[0].answer.created_at,
        last_at=coded[-1].answer.created_at,
        seconds=Seconds(
            n=len(times), q1=q1, median=q2, q3=q3, hasty=_share(annotators.hasty(coded))
        ),
        gold=_share(annotators.gold_of(coded)),
        attention=_share(annotators.gold_of(coded, attention=True)),
        adjudicated=_share(annotators.adjudicated_of(coded)),
        others=_share(annotators.others_of(coded)),
        outdated=sum(each.outdated for each in coded),
        periods=[
            AnnotatorPeriod(
                since=each.since,
                until=each.until,
                annotated=len(each.coded),
                seconds_median=annotators.median_of(annotators.seconds_of(each.coded)),
                gold=_share(annotators.gold_of(each.coded)),
                others=_share(annotators.others_of(each.coded)),
                labels=annotators.label_shares(each.coded, scheme.scheme_type.labels_of),
            )
            for each in annotators.periods(coded, n)
        ],
        drift=_drift(scheme, coded),
    )


_NONE = (None, None, None)
_LEAST_FOR_DRIFT = 20


def _drift(scheme: LiveScheme, coded: list[Coded]) -> Drift | None:
    if len(coded) < _LEAST_FOR_DRIFT:
        return None
    before, after = annotators.halves(coded)
    gold = annotators.newcombe(annotators.gold_of(before), annotators.gold_of(after)) or _NONE
    others = annotators.newcombe(annotators.others_of(before), annotators.others_of(after)) or _NONE
    shift = annotators.label_shift(before, after, scheme.scheme_type.labels_of) or (None, None)
    return Drift(
        gold=gold[0],
        gold_low=gold[1],
        gold_high=gold[2],
        others=others[0],
        others_low=others[1],
        others_high=others[2],
        speed=annotators.speed_change(before, after),
        labels=shift[0],
        labels_p=shift[1],
    )


def _share(ratio: Ratio) -> Share:
    low, high = ratio.wilson() or (None, None)
    return Share(count=ratio.count, of=ratio.of, share=ratio.share, low=low, high=high)


def _gold_text(scheme: LiveScheme, row: int, names: Names) -> GoldTextInfo:
    stored, fold, right = scheme.gold.texts[row], scheme.fold, scheme.gold.right(row)
    said = [fold.value_of(fold.answers[row][user]) for user in fold.voiced(row)]
    return GoldTextInfo(
        id=scheme.corpus.id_of(row),
        text=scheme.corpus.text_of(row),
        right=right,
        attention=stored.attention,
        note=stored.note,
        answered=len(said),
        correct=0 if right is None else sum(value == right for value in said),
        created_by=names[stored.created_by],
        created_at=stored.created_at,
    )


routes: list[ControllerRouterHandler] = [list_all, put_texts, remove, list_annotators]
