"""Tasks: texts for named people, how far they are, and what becomes of what is left."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated, Any

from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import UNSET

from kodkod.api import NotFoundError
from kodkod.project.scheme import LiveScheme
from kodkod.store.database import now
from kodkod.store.people import find_user
from kodkod.store.rights import members_of
from kodkod.store.tasks import (
    Task,
    add_task,
    assignees,
    change_task,
    delete_task,
    list_tasks,
    put_shares,
    tasks_of_user,
)
from kodkod.web.access import Requires
from kodkod.web.artefacts import named
from kodkod.web.changing_tasks import add_people, extend, move_texts
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.making_tasks import make_task, rows_meant
from kodkod.web.task_contract import (
    MyTask,
    NewTask,
    Reassigned,
    Reassignment,
    TaskInfo,
    TaskPatch,
    TaskProgress,
)
from kodkod.web.task_views import my_task, task_info, task_progress

__all__ = ["routes"]

_PATH = "/projects/{slug:str}/schemes/{scheme:str}/tasks"
_ONE = f"{_PATH}/{{task:str}}"
_PLAIN = ("name", "instructions", "order", "blind", "hide_predictions", "only", "deadline")


@post(
    _PATH,
    operation_id="create_task",
    tags=["tasks"],
    requires=Requires.PROJECT_MANAGER,
    status_code=201,
)
async def create(
    project: Project,
    scheme: FromPath[str],
    data: JSONBody[NewTask],
    services: Services,
    identity: Identity,
) -> TaskInfo:
    """Give texts to people."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.read() as connection:
        people = await assignees(connection, project.id, data.assignees)
    made = await asyncio.to_thread(make_task, there, data, list(people.values()), identity.user_id)
    async with services.database.write() as connection:
        await add_task(connection, made)
    return await _changed(services, project, there, made)


@get(_PATH, operation_id="list_tasks", tags=["tasks"], requires=Requires.PROJECT_MANAGER)
async def list_all(project: Project, scheme: FromPath[str], services: Services) -> Page[TaskInfo]:
    """List a scheme's tasks, oldest first."""
    there = (await services.residency.get(project)).scheme(scheme)
    tasks = await _tasks(services, there)
    await services.names.refresh()
    shown = [
        await asyncio.to_thread(task_info, there, each, services.names, now()) for each in tasks
    ]
    return Page(items=shown)


@get(_ONE, operation_id="get_task", tags=["tasks"], requires=Requires.PROJECT_MANAGER)
async def get_one(
    project: Project, scheme: FromPath[str], task: FromPath[str], services: Services
) -> TaskInfo:
    """Show a task, by id or name."""
    there = (await services.residency.get(project)).scheme(scheme)
    return await _shown(services, there, await _task(services, project, there, task))


@patch(_ONE, operation_id="change_task", tags=["tasks"], requires=Requires.PROJECT_MANAGER)
async def change(
    project: Project,
    scheme: FromPath[str],
    task: FromPath[str],
    data: JSONBody[TaskPatch],
    services: Services,
) -> TaskInfo:
    """Change, extend, close or reopen a task."""
    there = (await services.residency.get(project)).scheme(scheme)
    before = await _task(services, project, there, task)
    async with services.database.read() as connection:
        people = await assignees(connection, project.id, data.add_people)
    after = add_people(before, list(people.values()))
    values = _values(data)
    if data.add_texts is not UNSET:
        rows = await asyncio.to_thread(rows_meant, there.corpus, data.add_texts)
        after = await asyncio.to_thread(extend, after, rows)
        values["rows"] = after.rows
    held = {share.user_id: share.places for share in before.shares}
    async with services.database.write() as connection:
        if values:
            await change_task(connection, before.id, **values)
        changed = {
            share.user_id: share.places
            for share in after.shares
            if share.user_id not in held or share.places is not held[share.user_id]
        }
        await put_shares(connection, before.id, changed)
    return await _changed(services, project, there, before)


def _values(data: TaskPatch) -> dict[str, Any]:
    values = {name: value for name in _PLAIN if (value := getattr(data, name)) is not UNSET}
    if data.deadline is not UNSET:
        values["late_told_at"] = None
    if data.closed is not UNSET:
        values["closed_at"] = now() if data.closed else None
    return values


@delete(
    _ONE,
    operation_id="delete_task",
    tags=["tasks"],
    requires=Requires.PROJECT_MANAGER,
    status_code=204,
)
async def remove(
    project: Project, scheme: FromPath[str], task: FromPath[str], services: Services
) -> None:
    """Forget a task; what was said of its texts stays."""
    there = (await services.residency.get(project)).scheme(scheme)
    found = await _task(services, project, there, task)
    async with services.database.write() as connection:
        await delete_task(connection, found.id)
    await _tell(services, project, there)


@get(
    f"{_ONE}/progress",
    operation_id="get_task_progress",
    tags=["tasks"],
    requires=Requires.PROJECT_MANAGER,
)
async def progress(
    project: Project,
    scheme: FromPath[str],
    task: FromPath[str],
    services: Services,
    abandoned_after_days: Annotated[float, QueryParameter(gt=0, le=3650)] = 7.0,
) -> TaskProgress:
    """Show how far each person is, and who seems to have abandoned the task."""
    there = (await services.residency.get(project)).scheme(scheme)
    found = await _task(services, project, there, task)
    await services.names.refresh()
    async with services.database.read() as connection:
        members = (await members_of(connection, [project.id])).get(project.id, frozenset())
    idle = timedelta(days=abandoned_after_days)
    return await asyncio.to_thread(
        task_progress, there, found, services.names, members, idle, now()
    )


@post(
    f"{_ONE}/reassign",
    operation_id="reassign_task",
    tags=["tasks"],
    requires=Requires.PROJECT_MANAGER,
    status_code=200,
)
async def reassign(
    project: Project,
    scheme: FromPath[str],
    task: FromPath[str],
    data: JSONBody[Reassignment],
    services: Services,
) -> Reassigned:
    """Give what somebody has not coded to others."""
    there = (await services.residency.get(project)).scheme(scheme)
    found = await _task(services, project, there, task)
    async with services.database.read() as connection:
        giver = await find_user(connection, data.username)
        takers = await assignees(connection, project.id, data.to)
    moved = await asyncio.to_thread(move_texts, found, there.fold, giver.id, list(takers.values()))
    async with services.database.write() as connection:
        await put_shares(connection, found.id, moved.shares)
    await _tell(services, project, there)
    await services.names.know(moved.given)
    given = {services.names[user]: n for user, n in moved.given.items() if n}
    return Reassigned(moved=sum(given.values()), kept=moved.kept, given=given)


@get("/me/tasks", operation_id="list_my_tasks", tags=["tasks"], requires=Requires.SIGNED_IN)
async def mine(services: Services, identity: Identity) -> Page[MyTask]:
    """List one's own open tasks in all projects, the one that is due first at the front."""
    async with services.database.read() as connection:
        found = await tasks_of_user(connection, identity.user_id)
    shown: list[MyTask] = []
    for each in found:
        try:
            project = (await services.access.enter(identity, each.slug)).project
            scheme = (await services.residency.get(project)).scheme(each.scheme)
        except NotFoundError:
            continue  # They have left the project, or the scheme was hidden from them.
        task = await _task(services, project, scheme, each.task_id)
        share = next(one for one in task.shares if one.user_id == identity.user_id)
        shown.append(await asyncio.to_thread(my_task, each.slug, scheme, task, share, now()))
    shown.sort(key=lambda one: (one.deadline is None, one.deadline and one.deadline.timestamp()))
    return Page(items=shown)


async def _tasks(services: Services, scheme: LiveScheme) -> list[Task]:
    async with services.database.read() as connection:
        return await list_tasks(connection, scheme.row.id)


async def _task(services: Services, project: Project, scheme: LiveScheme, key: str) -> Task:
    return named(project, await _tasks(services, scheme), key, "task")


async def _shown(services: Services, scheme: LiveScheme, task: Task) -> TaskInfo:
    await services.names.refresh()
    return await asyncio.to_thread(task_info, scheme, task, services.names, now())


async def _changed(
    services: Services, project: Project, scheme: LiveScheme, task: Task
) -> TaskInfo:
    await _tell(services, project, scheme)
    return await _shown(services, scheme, await _task(services, project, scheme, task.id))


async def _tell(services: Services, project: Project, scheme: LiveScheme) -> None:
    """Let every process take up the tasks, this one before it answers."""
    await services.announce("task.changed", project, {"scheme_id": scheme.row.id})
    await services.residency.reload_tasks(project.id)


routes: list[ControllerRouterHandler] = [
    create,
    list_all,
    get_one,
    change,
    remove,
    progress,
    reassign,
    mine,
]
