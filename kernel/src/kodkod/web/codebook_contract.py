"""The shapes of codebook versions in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from kodkod.web.contract import Request
from kodkod.web.scheme_contract import Affected, LabelInfo, Note


class CodebookVersionInfo(Struct, frozen=True, kw_only=True):
    """A version of a scheme's codebook and labels, and what was annotated under it.

    `annotations` counts the answers that people gave under it and that stand. `outdated` counts
    the standing answers from before it that it calls into question, by the labels it `affects`.
    `created_by` is null for the first version of a scheme that is older than versions are.
    """

    number: int
    note: str
    affects: list[str] | Literal["all"] | None
    created_by: str | None
    created_at: datetime
    seq: int
    annotations: int
    outdated: int


class CodebookLine(Struct, frozen=True, kw_only=True):
    """A line of the codebook in a comparison of two versions."""

    op: Literal["same", "added", "removed"]
    text: str


class LabelChange(Struct, frozen=True, kw_only=True):
    """What became of a label between two versions."""

    change: Literal["added", "removed", "renamed", "described"]
    before: LabelInfo | None
    after: LabelInfo | None


class CodebookDifference(Struct, frozen=True, kw_only=True):
    """What changed from the version `against` to the one that is shown."""

    against: int
    lines: list[CodebookLine]
    labels: list[LabelChange]


class CodebookVersionView(CodebookVersionInfo, frozen=True, kw_only=True):
    """A version, whole."""

    codebook: str
    labels: list[LabelInfo]
    difference: CodebookDifference | None


class CodebookVersionPatch(Request, frozen=True):
    """What to say of a version afterwards: its note, and whose meaning it changed."""

    note: Note | UnsetType = UNSET
    affects: Affected | UnsetType = UNSET
