"""What the shapes of the HTTP contract have in common, and those of components and projects.

Every name in the modules `..._contract` and here is a schema in openapi.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

T = TypeVar("T")

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""A name that is safe in URLs and file names."""
Username = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$")]
SECRET: Mapping[str, Any] = MappingProxyType({"format": "password", "writeOnly": True})
"""What is secret carries this in its schema: the audit log keeps it out of what was sent."""
Password = Annotated[str, Meta(max_length=1024, extra_json_schema=dict(SECRET))]
Color = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Role = Literal["root", "manager", "annotator"]
ProjectRole = Literal["manager", "contributor", "annotator", "reader"]
Source = Literal["human", "import", "llm", "model", "adjudication"]


class Request(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what clients send: an unknown field is an error, not a wish ignored."""


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """Part of a list. Ask again with `cursor` until it is null."""

    items: list[T]
    cursor: str | None = None


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error (RFC 9457, application/problem+json). `detail` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    line: int | None = None
    column: str | None = None
    job: str | None = None
    request_id: str | None = None


class ComponentInfo(Struct, frozen=True, kw_only=True):
    """A component that can be used here. `schema` is the JSON Schema of its params."""

    kind: str
    name: str
    title: str
    summary: str
    plugin: str
    version: str
    capabilities: dict[str, Any]
    schema: dict[str, Any]


class PluginInfo(Struct, frozen=True, kw_only=True):
    """A plugin, loaded or not, and why not."""

    name: str
    version: str
    distribution: str
    state: Literal["loaded", "partial", "failed"]
    reasons: list[str]
    components: list[str]


class EnergyBudget(Request, frozen=True):
    """What a project's jobs may take in watt-hours: warned of, and refused beyond if so wished."""

    wh: Annotated[float, Meta(gt=0, le=1e9)]
    refuse: bool = False


class ProjectPatch(Request, frozen=True):
    """What to change of a project. `budget` null takes the budget away.

    What is `archived` can be read, and nothing in it changes until it is taken out again.
    """

    name: Name | UnsetType = UNSET
    language: str | UnsetType = UNSET
    budget: EnergyBudget | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET


class ProjectCopy(Request, frozen=True):
    """A project of the same texts: under this name, with these schemes (null: all).

    Of schemes it has labels, codebook and settings, and nothing that was said by them. `members`
    says whether the members and groups of the first belong to it too.
    """

    name: Name
    schemes: list[Name] | None = None
    members: bool = False


class SplitSizes(Struct, frozen=True, kw_only=True):
    """Numbers of texts."""

    train: int
    valid: int
    test: int


class CodedTexts(Struct, frozen=True, kw_only=True):
    """How many texts of all splits people have coded in a scheme, as the log says."""

    scheme: str
    coded: int


class ProjectProgress(Struct, frozen=True, kw_only=True):
    """How far a project has come: texts coded by scheme, members, and watt-hours of its jobs.

    `active_at` is when somebody last coded or a job last ended; null where neither was.
    """

    schemes: list[CodedTexts]
    members: int
    active_at: datetime | None
    wh: float


class ProjectInfo(Struct, frozen=True, kw_only=True):
    """A project. `role` is the asking user's.

    One that was deleted has `gone_at`: until then it can be restored. `progress` is told in the
    list of projects, and null elsewhere.
    """

    slug: str
    name: str
    language: str
    n_rows: int
    splits: SplitSizes
    text_columns: list[str]
    label_columns: list[str]
    context_columns: list[str]
    created_by: str
    created_at: datetime
    role: ProjectRole
    budget: EnergyBudget | None
    archived_at: datetime | None
    gone_at: datetime | None = None
    progress: ProjectProgress | None = None


class RowsAdded(Struct, frozen=True, kw_only=True):
    """What an addition of rows did."""

    added: int
    n_rows: int
