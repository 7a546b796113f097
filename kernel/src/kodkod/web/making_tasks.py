"""From what a manager asks for to a task with its texts dealt. For another thread."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, NotFoundError
from kodkod.project.corpus import LiveCorpus
from kodkod.project.dealing import deal_apart, deal_by_shares, deal_overlapping
from kodkod.project.scheme import LiveScheme
from kodkod.store.artefacts import new_id
from kodkod.store.database import now
from kodkod.store.tasks import Share, Task
from kodkod.web.task_contract import NewTask, TaskDeal, TaskTexts

__all__ = ["deal", "deal_of", "make_task", "rows_meant"]

Rows = NDArray[np.int64]
_NAMED = 10


def make_task(scheme: LiveScheme, data: NewTask, people: Sequence[int], made_by: int) -> Task:
    """Find a task's texts and deal them.

    Raises:
        InvalidInputError: the texts cannot be found, or not be dealt so.
    """
    rows = rows_meant(scheme.corpus, data.texts)
    made_at = now()
    places = deal(data.deal, len(rows), len(people))
    return Task(
        id=new_id(),
        project_id=scheme.row.project_id,
        scheme_id=scheme.row.id,
        name=data.name,
        instructions=data.instructions,
        plan=msgspec.to_builtins(data.deal),
        rows=rows,
        order=data.order,
        blind=data.blind,
        hide_predictions=data.hide_predictions,
        only=data.only,
        deadline=data.deadline,
        closed_at=None,
        late_told_at=None,
        created_by=made_by,
        created_at=made_at,
        shares=tuple(
            Share(user_id=user, places=part, given_at=made_at)
            for user, part in zip(people, places, strict=True)
        ),
    )


def deal_of(task: Task) -> TaskDeal:
    """Return how a task was dealt."""
    return msgspec.convert(task.plan, TaskDeal)


def rows_meant(corpus: LiveCorpus, texts: TaskTexts) -> Rows:
    """Return the rows of a task, in the order given, or ascending where they are drawn.

    Raises:
        InvalidInputError: ids are unknown, too many texts are asked for, or there are none.
    """
    if texts.ids is not None:
        return _rows_of_ids(corpus, texts.ids)
    if texts.n is not None and texts.share is not None:
        raise InvalidInputError("Name a number of texts or a share, not both.", field="texts")
    # A drawn sample's texts are meant whatever split they are in, as they are by `next`.
    split = texts.split if texts.filter.drawn_sample is None else "all"
    there = np.flatnonzero(corpus.mask(texts.filter, split))
    n = len(there) if texts.n is None else texts.n
    if texts.share is not None:
        n = round(texts.share * len(there))
    if not 0 < n <= len(there):
        raise InvalidInputError(
            f"The task would have {n} texts of the {len(there)} that are meant; ask for at least "
            "one and at most all of them.",
            field="texts",
        )
    if n == len(there):
        return there
    return np.sort(np.random.default_rng(texts.seed).choice(there, n, replace=False))


def _rows_of_ids(corpus: LiveCorpus, ids: Sequence[str]) -> Rows:
    wanted = list(dict.fromkeys(ids))
    try:
        return np.array(corpus.rows_of(wanted), dtype=np.int64)
    except NotFoundError:
        unknown = [each for each in wanted if not _is_there(corpus, each)]
    shown = ", ".join(map(repr, unknown[:_NAMED]))
    more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
    raise InvalidInputError(
        f"The project has no texts with these ids: {shown}{more}; leave them out.", field="ids"
    )


def _is_there(corpus: LiveCorpus, id_: str) -> bool:
    try:
        corpus.rows_of([id_])
    except NotFoundError:
        return False
    return True


def deal(plan: TaskDeal, n_texts: int, n_people: int) -> list[Rows | None]:
    """Return the places of each person; None stands for all.

    Raises:
        InvalidInputError: the people are too few, or the shares not as many as they are.
    """
    if plan.how == "each":
        return [None] * n_people
    if plan.how == "split":
        if plan.shares is None:
            return list(deal_apart(n_texts, n_people, plan.seed))
        if len(plan.shares) != n_people:
            raise InvalidInputError(
                f"There are {len(plan.shares)} shares for {n_people} people; give each one.",
                field="shares",
            )
        return list(deal_by_shares(n_texts, plan.shares, plan.seed))
    if plan.k > n_people:
        raise InvalidInputError(
            f"A text cannot be coded by {plan.k} of {n_people} people; add people or lower k.",
            field="k",
        )
    return list(deal_overlapping(n_texts, n_people, share=plan.share, k=plan.k, seed=plan.seed))
