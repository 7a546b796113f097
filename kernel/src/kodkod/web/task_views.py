"""From tasks as they are kept to tasks as clients see them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from kodkod.project.scheme import LiveScheme
from kodkod.project.task_progress import Standing, standing_of
from kodkod.store.tasks import Share, Task
from kodkod.web.making_tasks import deal_of
from kodkod.web.names import Names
from kodkod.web.task_contract import MyTask, Order, TaskInfo, TaskPerson, TaskProgress

__all__ = ["my_task", "task_info", "task_progress"]


def task_info(scheme: LiveScheme, task: Task, names: Names, now: datetime) -> TaskInfo:
    """Show a task. Takes a microsecond or so for each text and person."""
    return _info(task, names, now, [_standing(scheme, task, each, now) for each in task.shares])


def _info(task: Task, names: Names, now: datetime, standings: list[Standing]) -> TaskInfo:
    left = sum(each.left for each in standings)
    return TaskInfo(
        id=task.id,
        name=task.name,
        instructions=task.instructions,
        deal=deal_of(task),
        order=cast("Order", task.order),
        blind=task.blind,
        hide_predictions=task.hide_predictions,
        only=task.only,
        n_texts=len(task.rows),
        assigned=sum(each.assigned for each in standings),
        coded=sum(each.coded for each in standings),
        people=[names[each.user_id] for each in task.shares],
        deadline=task.deadline,
        late=_is_late(task, left, now),
        closed_at=task.closed_at,
        created_by=names[task.created_by],
        created_at=task.created_at,
    )


def task_progress(
    scheme: LiveScheme,
    task: Task,
    names: Names,
    members: Collection[int],
    idle: timedelta,
    now: datetime,
) -> TaskProgress:
    """Show how far a task is; whoever did nothing for as long as `idle` has abandoned it."""
    standings = [_standing(scheme, task, each, now) for each in task.shares]
    people = [
        _person(task, share, each, names[share.user_id], share.user_id in members, idle, now)
        for share, each in zip(task.shares, standings, strict=True)
    ]
    return TaskProgress(task=_info(task, names, now, standings), people=people)


def _person(
    task: Task,
    share: Share,
    standing: Standing,
    name: str,
    member: bool,
    idle: timedelta,
    now: datetime,
) -> TaskPerson:
    seen = max(filter(None, (share.given_at, standing.last_at)))
    behind = (
        task.deadline is not None
        and standing.expected_end is not None
        and standing.expected_end > task.deadline
    )
    return TaskPerson(
        username=name,
        assigned=standing.assigned,
        coded=standing.coded,
        left=standing.left,
        skipped=standing.skipped,
        seconds_median=standing.seconds_median,
        last_at=standing.last_at,
        expected_end=standing.expected_end,
        late=_is_late(task, standing.left, now) or behind,
        member=member,
        abandoned=standing.left > 0 and (not member or now - seen >= idle),
    )


def my_task(slug: str, scheme: LiveScheme, task: Task, share: Share, now: datetime) -> MyTask:
    """Show somebody a task of theirs."""
    standing = _standing(scheme, task, share, now)
    return MyTask(
        project=slug,
        scheme=scheme.row.name,
        task=task.id,
        name=task.name,
        instructions=task.instructions,
        blind=task.blind,
        deadline=task.deadline,
        assigned=standing.assigned,
        left=standing.left,
        late=_is_late(task, standing.left, now),
    )


def _standing(scheme: LiveScheme, task: Task, share: Share, now: datetime) -> Standing:
    return standing_of(task, share, scheme.fold, scheme.board.skipped_by(share.user_id), now)


def _is_late(task: Task, left: int, now: datetime) -> bool:
    return left > 0 and task.deadline is not None and now > task.deadline
