"""The shapes of the HTTP contract, requests first. Every name here is a schema in openapi.json."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from kodkod.project.query import NextQuery

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


# -- people ---------------------------------------------------------------------------------


class PasswordForm(Struct, frozen=True, kw_only=True):
    """OAuth2's password form. Other fields of OAuth2 may be there and mean nothing here."""

    username: Annotated[str, Meta(max_length=100)]
    password: Password
    grant_type: Literal["password"] = "password"


class TokenGrant(Struct, frozen=True, kw_only=True):
    """A session."""

    access_token: str
    token_type: Literal["bearer"]
    expires_at: datetime
    username: str


class NewApiToken(Request, frozen=True):
    """A long-lived token for scripts. `scopes`: read (GET only) or write."""

    name: Name
    scopes: tuple[Literal["read", "write"], ...] = ("read", "write")
    days: Annotated[int, Meta(ge=1, le=3650)] = 365


class ApiToken(Struct, frozen=True, kw_only=True):
    """A long-lived token; `token` is shown once, when it is made."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    token: str | None = None


class Account(Struct, frozen=True, kw_only=True):
    """A user as others see them."""

    username: str
    role: Role
    active: bool
    created_at: datetime


class NewAccount(Request, frozen=True):
    """A user to be made."""

    username: Username
    password: Password
    role: Role = "annotator"


class AccountPatch(Request, frozen=True):
    """What to change of a user."""

    password: Password | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class OwnPassword(Request, frozen=True):
    """A new password for oneself; the old one proves that it is not a stolen session."""

    current_password: Password
    password: Password


class Membership(Request, frozen=True):
    """What a user is in a project."""

    role: ProjectRole


class GroupStanding(Struct, frozen=True, kw_only=True):
    """What a group is in a project."""

    group: str
    role: ProjectRole


class Member(Struct, frozen=True, kw_only=True):
    """A user of a project. The role is the highest of the `own` one and those of groups."""

    username: str
    role: ProjectRole
    own: ProjectRole | None
    groups: list[GroupStanding]


# -- components -----------------------------------------------------------------------------


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


# -- projects -------------------------------------------------------------------------------


class EnergyBudget(Request, frozen=True):
    """What a project's jobs may take in watt-hours: warned of, and refused beyond if so wished."""

    wh: Annotated[float, Meta(gt=0, le=1e9)]
    refuse: bool = False


class ProjectPatch(Request, frozen=True):
    """What to change of a project. `budget` null takes the budget away."""

    name: Name | UnsetType = UNSET
    language: str | UnsetType = UNSET
    budget: EnergyBudget | UnsetType | None = UNSET


class SplitSizes(Struct, frozen=True, kw_only=True):
    """Numbers of texts."""

    train: int
    valid: int
    test: int


class ProjectInfo(Struct, frozen=True, kw_only=True):
    """A project. `role` is the asking user's."""

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


class RowsAdded(Struct, frozen=True, kw_only=True):
    """What an addition of rows did."""

    added: int
    n_rows: int


# -- schemes --------------------------------------------------------------------------------


class NewScheme(Request, frozen=True):
    """A scheme to be made. `overlap` is how many annotators each text should get.

    `from_column` names a label column of the corpus: its values become labels (where `labels`
    is empty) and annotations of source `import`, on the splits in `import_splits`.
    """

    name: Slug
    type: str = "multiclass"
    labels: Annotated[tuple[Name, ...], Meta(max_length=1000)] = ()
    codebook: Annotated[str, Meta(max_length=1_000_000)] = ""
    params: dict[str, Any] = {}
    overlap: Annotated[int, Meta(ge=1, le=100)] = 1
    from_column: str | None = None
    import_splits: tuple[Literal["train", "valid", "test"], ...] = ("train", "valid", "test")


class SchemePatch(Request, frozen=True):
    """What to change of a scheme."""

    name: Slug | UnsetType = UNSET
    codebook: Annotated[str, Meta(max_length=1_000_000)] | UnsetType = UNSET
    overlap: Annotated[int, Meta(ge=1, le=100)] | UnsetType = UNSET


class AddLabel(Request, frozen=True, tag="add", tag_field="op"):
    """Add a label at the end."""

    name: Name
    color: Color | None = None
    description: str = ""


class RenameLabel(Request, frozen=True, tag="rename", tag_field="op"):
    """Change a label's name; every annotation keeps its label."""

    label: str
    name: Name


class RestyleLabel(Request, frozen=True, tag="restyle", tag_field="op"):
    """Change a label's colour or description."""

    label: str
    color: Color | UnsetType = UNSET
    description: str | UnsetType = UNSET


class MergeLabels(Request, frozen=True, tag="merge", tag_field="op"):
    """Let annotations with `labels` count as `into`. An entry of the log; can be undone."""

    labels: Annotated[tuple[str, ...], Meta(min_length=1)]
    into: str


class DeleteLabel(Request, frozen=True, tag="delete", tag_field="op"):
    """Drop a label from the scheme and from all annotations. An entry of the log."""

    label: str


class ReorderLabels(Request, frozen=True, tag="reorder", tag_field="op"):
    """Put the labels in this order; all must be named."""

    labels: tuple[str, ...]


LabelOperation = AddLabel | RenameLabel | RestyleLabel | MergeLabels | DeleteLabel | ReorderLabels


class LabelInfo(Struct, frozen=True, kw_only=True):
    """A label."""

    id: int
    name: str
    color: str | None
    description: str


class NewGuide(Request, frozen=True):
    """The quick model that learns while people annotate.

    It learns anew after `refresh_every` annotations (0: not by their number), and once nobody
    has annotated for `refresh_idle_seconds` (null: not for that); `guide/refresh` asks for it.
    Until there are `cold_labels` texts of each label, or ten texts a label in all, `cold_start`
    chooses what comes next instead of `strategy`, or random draws where it cannot. With `varied`,
    near copies of earlier texts are pushed back. `ensemble` trains that many more models on
    bootstrap samples, for strategies that need a committee.
    """

    features: Annotated[tuple[str, ...], Meta(min_length=1)]
    model: str = "logistic"
    params: dict[str, Any] = {}
    strategy: str = "breaking-ties"
    strategy_params: dict[str, Any] = {}
    refresh_every: Annotated[int, Meta(ge=0, le=10_000)] = 10
    refresh_idle_seconds: Annotated[float, Meta(ge=0.5, le=3600)] | None = 5.0
    cold_start: str = "typiclust"
    cold_start_params: dict[str, Any] = {}
    cold_labels: Annotated[int, Meta(ge=0, le=100)] = 2
    varied: bool = True
    ensemble: Annotated[int, Meta(ge=0, le=20)] = 0


class GuideFlow(Struct, frozen=True, kw_only=True):
    """Texts that the last refresh moved from one label to another."""

    from_label: str
    to_label: str
    rows: int


class GuideBelief(Struct, frozen=True, kw_only=True):
    """What a guide believes of the corpus, and how that changed at its last refresh.

    `share` is the share of all texts predicted as each label. `uncertainty` is the mean, over
    texts that can still be annotated, of the entropy as a share of its maximum. `changed` is the
    share of all texts whose prediction changed, `kappa` the agreement of the two refreshes on a
    fixed sample.
    """

    at: datetime
    share: dict[str, float]
    share_before: dict[str, float] | None
    uncertainty: float
    uncertainty_before: float | None
    changed: float | None
    kappa: float | None
    flows: list[GuideFlow]


class ColdGuide(Struct, frozen=True, kw_only=True):
    """What a guide waits for before its strategy takes over: texts, by label."""

    needed: dict[str, int]


class GuideInfo(Struct, frozen=True, kw_only=True):
    """The guide and what it has come to.

    `agreed` of the last `compared` annotations (at most 100) were what the guide had
    predicted before it saw them. `state` is waiting (too few labels yet), fresh, stale or
    refreshing. `cold` is there while `cold_start` chooses.
    """

    features: list[str]
    model: str
    params: dict[str, Any]
    strategy: str
    strategy_params: dict[str, Any]
    refresh_every: int
    refresh_idle_seconds: float | None
    cold_start: str
    cold_start_params: dict[str, Any]
    cold_labels: int
    varied: bool
    ensemble: int
    state: Literal["waiting", "fresh", "stale", "refreshing"]
    version: int
    trained_at_seq: int
    n_train: int
    agreed: int
    compared: int
    message: str
    cold: ColdGuide | None
    belief: GuideBelief | None


class SchemeInfo(Struct, frozen=True, kw_only=True):
    """A scheme. `annotated` counts texts with a value."""

    id: int
    name: str
    type: str
    widget: Literal["choice", "choices", "spans"]
    labels: list[LabelInfo]
    codebook: str
    params: dict[str, Any]
    overlap: int
    annotated: SplitSizes
    guide: GuideInfo | None
    created_at: datetime


# -- annotating -----------------------------------------------------------------------------


class SpanValue(Struct, frozen=True, kw_only=True):
    """A stretch of the text: character offsets, half-open."""

    start: int
    end: int
    label: str


AnyValue = str | list[str | SpanValue] | None


class GivenAnnotation(Struct, frozen=True, kw_only=True):
    """What somebody said of a text."""

    seq: int
    user: str
    value: Any
    source: Source
    comment: str
    created_at: datetime


class Prediction(Struct, frozen=True, kw_only=True):
    """What the guide thinks: the decoded value and the probability of each label."""

    value: Any
    probabilities: dict[str, float]
    version: int


class ElsewhereElement(Struct, frozen=True, kw_only=True):
    """The same text in another scheme; `lease` is null where it is not open there."""

    scheme: str
    annotations: list[GivenAnnotation]
    prediction: Prediction | None
    lease: str | None


class Suggestion(Struct, frozen=True, kw_only=True):
    """What a labelling answers of a text; `confidence` is as in its reply."""

    labelling: str
    value: Any
    confidence: float | None
    justification: str


class Element(Struct, frozen=True, kw_only=True):
    """A text to look at. `lease` is absent from tables, and `also` where nothing was asked.

    `suggestion` is there where suggestions were asked for and the newest labelling has answered.
    """

    id: str
    row: int
    split: Literal["train", "valid", "test"]
    text: str
    context: dict[str, Any]
    annotations: list[GivenAnnotation]
    prediction: Prediction | None
    lease: str | None = None
    lease_expires_at: datetime | None = None
    strategy: str | None = None
    selection_probability: float | None = None
    also: list[ElsewhereElement] = []
    suggestion: Suggestion | None = None


class NextTexts(Struct, frozen=True, kw_only=True):
    """Texts reserved for the asking user, and how many are left after them."""

    elements: list[Element]
    remaining: int


class NewAnnotation(Request, frozen=True):
    """What an annotator says. `value` null clears; `seconds` is the time spent on the text."""

    id: str
    value: Any
    comment: Annotated[str, Meta(max_length=10_000)] = ""
    lease: str | None = None
    seconds: Annotated[float, Meta(ge=0, le=86_400)] | None = None


class NewAnnotations(Request, frozen=True):
    """Annotations that are stored together or not at all.

    `next` asks for the next texts in the same breath. A request for texts that cannot be meant
    is refused before anything is stored.
    """

    annotations: Annotated[tuple[NewAnnotation, ...], Meta(min_length=1, max_length=10_000)]
    next: NextQuery | None = None


class Saved(Struct, frozen=True, kw_only=True):
    """The log positions of what is now on disk, in the order given, and the texts asked for."""

    seq: list[int]
    next: NextTexts | None = None


class Skip(Request, frozen=True):
    """Leases given back; these texts are not offered to this user again for a while."""

    leases: Annotated[tuple[str, ...], Meta(min_length=1, max_length=1000)]


class Undone(Struct, frozen=True, kw_only=True):
    """What an undo did: `value` is what counts now for the user and text."""

    seq: int
    undoes: int
    id: str | None
    value: Any


class LogEntry(Struct, frozen=True, kw_only=True):
    """An entry of the annotation log."""

    seq: int
    op: Literal["set", "merge", "delete", "undo", "promote", "accept"]
    id: str | None
    row: int | None
    user: str
    value: Any
    source: Source
    strategy: str | None
    selection_probability: float | None
    model_version: int | None
    comment: str
    seconds: float | None
    undoes: int | None
    created_at: datetime


class LabelCount(Struct, frozen=True, kw_only=True):
    """How often a label is used, by split."""

    label: str
    train: int
    valid: int
    test: int


class AnnotatorCount(Struct, frozen=True, kw_only=True):
    """What an annotator has done. `seconds_median` is over texts with a time."""

    username: str
    annotated: int
    seconds_median: float | None


class Statistics(Struct, frozen=True, kw_only=True):
    """Where a scheme stands."""

    splits: SplitSizes
    annotated: SplitSizes
    labels: list[LabelCount]
    annotators: list[AnnotatorCount]
    disagreed: int


class Health(Struct, frozen=True, kw_only=True):
    """Whether annotators can work: not where the status is `down`."""

    status: Literal["ok", "degraded", "down"]
    version: str
    workers: int
    problems: list[str]
