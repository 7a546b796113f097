"""The shapes of tasks in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from kodkod.project.query import Filter, SplitName
from kodkod.web.contract import Name, Request, Username

__all__ = [
    "MyTask",
    "NewTask",
    "Reassigned",
    "Reassignment",
    "TaskDeal",
    "TaskInfo",
    "TaskPatch",
    "TaskPerson",
    "TaskProgress",
    "TaskTexts",
]

Instructions = Annotated[str, Meta(max_length=20_000)]
Usernames = Annotated[tuple[Username, ...], Meta(max_length=1_000)]
Assignee = Annotated[str, Meta(pattern=r"^(group:)?[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$")]
"""A username, or `group:NAME` for the members of a group."""
Assignees = Annotated[tuple[Assignee, ...], Meta(max_length=1_000)]
Order = Literal["given", "random", "strategy"]


class TaskTexts(Request, frozen=True):
    """Which texts: those with these `ids`, in their order, or those that pass the filter.

    Of the latter `n`, or a `share`, are drawn at random under the `seed`; neither means all.
    """

    ids: Annotated[tuple[str, ...], Meta(min_length=1, max_length=1_000_000)] | None = None
    filter: Filter = Filter()
    split: SplitName = "train"
    n: Annotated[int, Meta(ge=1)] | None = None
    share: Annotated[float, Meta(gt=0, le=1)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class TaskDeal(Request, frozen=True):
    """How texts are dealt: `each` has all, `split` one person a text, `overlap` partly k people.

    `shares` are of the people in their order, for `split`; without them it is in equal parts. In
    `overlap` a `share` of the texts is coded by `k` people each, and the rest by one.
    """

    how: Literal["each", "split", "overlap"] = "each"
    shares: tuple[Annotated[float, Meta(gt=0)], ...] | None = None
    share: Annotated[float, Meta(ge=0, le=1)] = 0.2
    k: Annotated[int, Meta(ge=2, le=100)] = 2
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class NewTask(Request, frozen=True):
    """A task to be made. `group:NAME` assigns it to those of a group.

    `blind` hides from people what others said of a text until they coded it.

    With `hide_predictions` a blind task hides what models predict as well. With `only` people get
    nothing beside the tasks when these are done.
    """

    name: Name
    assignees: Annotated[tuple[Assignee, ...], Meta(min_length=1, max_length=1_000)]
    instructions: Instructions = ""
    texts: TaskTexts = TaskTexts()
    deal: TaskDeal = TaskDeal()
    order: Order = "given"
    blind: bool = False
    hide_predictions: bool = False
    only: bool = False
    deadline: datetime | None = None


class TaskPatch(Request, frozen=True):
    """What to change of a task. `closed` false opens it again.

    `add_people` get all its texts where each has all, and otherwise none until texts are added
    or reassigned. `add_texts` are dealt as the others were, those that are in it left out.
    """

    name: Name | UnsetType = UNSET
    instructions: Instructions | UnsetType = UNSET
    order: Order | UnsetType = UNSET
    blind: bool | UnsetType = UNSET
    hide_predictions: bool | UnsetType = UNSET
    only: bool | UnsetType = UNSET
    deadline: datetime | UnsetType | None = UNSET
    closed: bool | UnsetType = UNSET
    add_people: Assignees = ()
    add_texts: TaskTexts | UnsetType = UNSET


class TaskInfo(Struct, frozen=True, kw_only=True):
    """A task. `coded` counts the texts that the people it is for have coded, once for each."""

    id: str
    name: str
    instructions: str
    deal: TaskDeal
    order: Order
    blind: bool
    hide_predictions: bool
    only: bool
    n_texts: int
    assigned: int
    coded: int
    people: list[str]
    deadline: datetime | None
    late: bool
    closed_at: datetime | None
    created_by: str
    created_at: datetime


class TaskPerson(Struct, frozen=True, kw_only=True):
    """How far somebody is. `left` counts what is not coded, of which `skipped` was passed over.

    `seconds_median` is over texts with a time. `expected_end` is by the pace of the newest twenty
    texts, null before two. `late` means that the deadline has passed, or will have at this pace.
    """

    username: str
    assigned: int
    coded: int
    left: int
    skipped: int
    seconds_median: float | None
    last_at: datetime | None
    expected_end: datetime | None
    late: bool
    member: bool
    abandoned: bool


class TaskProgress(Struct, frozen=True, kw_only=True):
    """How far a task is, by person. Who abandoned texts is said, and nothing is done to them."""

    task: TaskInfo
    people: list[TaskPerson]


class Reassignment(Request, frozen=True):
    """Give what `username` has not coded to `to` or, where that is empty, to the others."""

    username: Username
    to: Assignees = ()


class Reassigned(Struct, frozen=True, kw_only=True):
    """What was given to whom. `kept` counts texts that all of the others have already."""

    moved: int
    kept: int
    given: dict[str, int]


class MyTask(Struct, frozen=True, kw_only=True):
    """A task of the asking user."""

    project: str
    scheme: str
    task: str
    name: str
    instructions: str
    blind: bool
    deadline: datetime | None
    assigned: int
    left: int
    late: bool
