"""What a client asks of the pool: sample, filter, order."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from kodkod.project.regions import Region

__all__ = ["Condition", "Filter", "NextQuery", "Sample", "SampleKind", "SplitName"]

SampleKind = Literal[
    "untagged",
    "tagged",
    "all",
    "not_by_me",
    "commented",
    "flagged",
    "disagreed",
    "predicted_as",
    "prediction_differs",
    "assigned",
    "queue",
    "outdated",
]
SplitName = Literal["train", "valid", "test", "all"]
Scalar = str | int | float | bool | None
RowNumber = Annotated[int, Meta(ge=0, le=2**31)]


class Sample(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which texts, by what was said of them.

    `by` (a username) and `labels` narrow `tagged`; `label` is what `predicted_as` asks for.
    `outdated` are texts with an answer, of `by` if named, whose label means something else in a
    later version of the codebook.
    `assigned` are the texts that the user has in open tasks and has not coded. `queue` are these
    by deadline while there are any, and then, unless a task says `only`, the untagged ones.
    """

    kind: SampleKind = "untagged"
    by: str | None = None
    labels: tuple[str, ...] = ()
    label: str | None = None


class Condition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A condition on a context column; `value` is a list for `in` and ignored for null tests."""

    column: str
    op: Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "is_null", "not_null"]
    value: Scalar | tuple[Scalar, ...] = None


class Filter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which texts, by what they are: a regex (Rust syntax), conditions on context columns, a
    region of a projection, a drawn sample (id or name), and the numbers of `rows` that somebody
    has picked; all of them true.

    `next` has a sample's texts whatever split they are in, in the order in which they were drawn
    where no strategy is named, and logs that they come from it. So it does with rows, whose order
    is the one in which they are given, and logs that they were `picked`.
    """

    regex: Annotated[str, Meta(max_length=1000)] | None = None
    where: tuple[Condition, ...] = ()
    region: Region | None = None
    drawn_sample: str | None = None
    rows: Annotated[tuple[RowNumber, ...], Meta(max_length=10_000)] | None = None


class NextQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request for texts to annotate. No strategy means the guide's, or else random.

    No sample means `queue`: the user's tasks come first, whatever split their texts are in.

    `also` names other schemes whose texts these are to be as well: the order is that of the sum
    of ranks, and each text is reserved in all of them where it is open. `suggestions` asks for what
    the newest labelling answers, `suggested_by` (id or name) for what that model or labelling
    does, which sways whoever sees it before they have judged.
    """

    sample: Sample = Sample(kind="queue")
    filter: Filter = Filter()
    strategy: str | None = None
    params: dict[str, Any] = {}
    split: SplitName = "train"
    n: Annotated[int, Meta(ge=1, le=100)] = 1
    also: Annotated[tuple[str, ...], Meta(max_length=8)] = ()
    suggestions: bool = False
    suggested_by: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
