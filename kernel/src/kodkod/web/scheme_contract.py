"""The shapes of schemes in the HTTP contract: labels and what is done to them, guides."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from kodkod.project.gold import Checks
from kodkod.web.contract import Color, Name, Request, Slug, SplitSizes


class NewScheme(Request, frozen=True):
    """A scheme to be made. `overlap` is how many annotators each text should get.

    `from_column` names a label column of the corpus: its values become labels (where `labels`
    is empty) and annotations of source `import`, on the splits in `import_splits`.
    """

    name: Slug
    type: str = "multiclass"
    labels: Annotated[tuple[Name, ...], Meta(max_length=1000)] = ()
    codebook: Annotated[str, Meta(max_length=1_000_000)] = ""
    params: dict[str, Any] = field(default_factory=dict)
    overlap: Annotated[int, Meta(ge=1, le=100)] = 1
    from_column: str | None = None
    import_splits: tuple[Literal["train", "valid", "test"], ...] = ("train", "valid", "test")


Note = Annotated[str, Meta(max_length=10_000)]
Affected = tuple[str, ...] | Literal["all"] | None


class SchemePatch(Request, frozen=True):
    """What to change of a scheme.

    A changed codebook is a new version of it, with a `note` of what changed. What was said before
    with a label that it `affects` (or "all") is flagged as outdated. `base` is the version that
    was edited: where it is no longer the newest, nothing is changed. `checks` null ends checking.
    """

    name: Slug | UnsetType = UNSET
    codebook: Annotated[str, Meta(max_length=1_000_000)] | UnsetType = UNSET
    overlap: Annotated[int, Meta(ge=1, le=100)] | UnsetType = UNSET
    checks: Checks | UnsetType | None = UNSET
    note: Note = ""
    affects: Affected = None
    base: int | None = None


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
    params: dict[str, Any] = field(default_factory=dict)
    strategy: str = "breaking-ties"
    strategy_params: dict[str, Any] = field(default_factory=dict)
    refresh_every: Annotated[int, Meta(ge=0, le=10_000)] = 10
    refresh_idle_seconds: Annotated[float, Meta(ge=0.5, le=3600)] | None = 5.0
    cold_start: str = "typiclust"
    cold_start_params: dict[str, Any] = field(default_factory=dict)
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
    codebook_version: int
    checks: Checks | None
