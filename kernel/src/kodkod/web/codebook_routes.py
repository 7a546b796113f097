"""Versions of a scheme's codebook: what changed, and what was annotated under which."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

from litestar import get, patch
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import UNSET, Struct

from kodkod.project.codebooks import affected_ids
from kodkod.project.fold import said_by_people
from kodkod.project.scheme import LiveScheme
from kodkod.store.codebooks import (
    CodebookVersion,
    list_versions,
    mark_version,
    version_of,
)
from kodkod.store.labels import Label
from kodkod.web.access import Requires
from kodkod.web.codebook_contract import (
    CodebookDifference,
    CodebookLine,
    CodebookVersionInfo,
    CodebookVersionPatch,
    CodebookVersionView,
    LabelChange,
)
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.making_schemes import tell_of_scheme
from kodkod.web.names import Names
from kodkod.web.paging import numbered
from kodkod.web.scheme_contract import LabelInfo

__all__ = ["routes"]

_PATH = "/projects/{slug:str}/schemes/{scheme:str}/codebook"
_ONE = f"{_PATH}/{{number:str}}"


@get(
    _PATH,
    operation_id="list_codebook_versions",
    tags=["schemes"],
    requires=Requires.PROJECT_READER,
)
async def list_all(
    project: Project, scheme: FromPath[str], services: Services
) -> Page[CodebookVersionInfo]:
    """List the versions of a scheme's codebook and labels, newest first."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.read() as connection:
        versions = await list_versions(connection, there.row.id)
    await services.names.refresh()
    counts = await asyncio.to_thread(_counts, there)
    shown = [_info(there, each, counts, services.names) for each in reversed(versions)]
    return Page(items=[CodebookVersionInfo(**each) for each in shown])


@get(_ONE, operation_id="get_codebook_version", tags=["schemes"], requires=Requires.PROJECT_READER)
async def get_one(
    project: Project,
    scheme: FromPath[str],
    number: FromPath[str],
    services: Services,
    against: FromQuery[int | None] = None,
) -> CodebookVersionView:
    """Show a version, and what changed since another one: `against`."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.read() as connection:
        found = await version_of(connection, there.row.id, numbered(number, "version"))
        other = None if against is None else await version_of(connection, there.row.id, against)
    return await _view(services, there, found, other)


@patch(
    _ONE,
    operation_id="change_codebook_version",
    tags=["schemes"],
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def change(
    project: Project,
    scheme: FromPath[str],
    number: FromPath[str],
    data: JSONBody[CodebookVersionPatch],
    services: Services,
    identity: Identity,
) -> CodebookVersionView:
    """Say afterwards what a version changed, and which labels mean something else by it."""
    there = (await services.residency.get(project)).scheme(scheme)
    which = numbered(number, "version")
    values: dict[str, Any] = {}
    if data.note is not UNSET:
        values["note"] = data.note
    if data.affects is not UNSET:
        values["affects"] = affected_ids(there.coder, data.affects)
    if values:
        async with services.database.write() as connection:
            await mark_version(connection, there.row.id, which, **values)
        await tell_of_scheme(services, project, there.row.id, "scheme.changed", identity.username)
    async with services.database.read() as connection:
        found = await version_of(connection, there.row.id, which)
    return await _view(services, there, found, None)


async def _view(
    services: Services,
    scheme: LiveScheme,
    version: CodebookVersion,
    other: CodebookVersion | None,
) -> CodebookVersionView:
    await services.names.refresh()
    counts = await asyncio.to_thread(_counts, scheme)
    return CodebookVersionView(
        **_info(scheme, version, counts, services.names),
        codebook=version.codebook,
        labels=[_label(each) for each in version.labels],
        difference=None if other is None else await asyncio.to_thread(_difference, other, version),
    )


class _Counts(Struct, frozen=True):
    """The answers that stand, by the version that they were given under (0: before the first).

    Of those called into question: their places in the log, and their labels.
    """

    under: Counter[int]
    outdated: list[tuple[int, set[str]]]


def _counts(scheme: LiveScheme) -> _Counts:
    under, outdated = Counter[int](), list[tuple[int, set[str]]]()
    fold, books = scheme.fold, scheme.codebooks
    for row in fold.rows_said_of():
        for answer in fold.said_of(row):
            value = fold.value_of(answer)
            if value is None or not said_by_people(answer):
                continue
            under[books.number(answer.seq) or 0] += 1
            if books.outdated(answer):
                outdated.append((answer.seq, set(scheme.scheme_type.labels_of(value))))
    return _Counts(under, outdated)


def _info(
    scheme: LiveScheme, version: CodebookVersion, counts: _Counts, names: Names
) -> dict[str, Any]:
    affects = version.affects
    if affects is not None and affects != "all":
        said = [scheme.coder.name_of(label_id) for label_id in affects]
        affects = list(dict.fromkeys(name for name in said if name is not None))
    return {
        "number": version.number,
        "note": version.note,
        "affects": affects,
        "created_by": None if version.created_by is None else names[version.created_by],
        "created_at": version.created_at,
        "seq": version.seq,
        "annotations": counts.under[version.number],
        "outdated": sum(
            seq <= version.seq and (affects == "all" or not labels.isdisjoint(affects or ()))
            for seq, labels in counts.outdated
        ),
    }


def _label(label: Label) -> LabelInfo:
    return LabelInfo(id=label.id, name=label.name, color=label.color, description=label.description)


def _difference(before: CodebookVersion, after: CodebookVersion) -> CodebookDifference:
    return CodebookDifference(
        against=before.number,
        lines=_lines(before.codebook.splitlines(), after.codebook.splitlines()),
        labels=_label_changes(before.labels, after.labels),
    )


def _lines(before: Sequence[str], after: Sequence[str]) -> list[CodebookLine]:
    found: list[CodebookLine] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            found += [CodebookLine(op="same", text=line) for line in before[i:j]]
            continue
        found += [CodebookLine(op="removed", text=line) for line in before[i:j]]
        found += [CodebookLine(op="added", text=line) for line in after[k:m]]
    return found


def _label_changes(before: Sequence[Label], after: Sequence[Label]) -> list[LabelChange]:
    old, new = ({each.id: each for each in labels} for labels in (before, after))
    changes: list[LabelChange] = []
    for id_ in dict.fromkeys([*old, *new]):
        one, other = old.get(id_), new.get(id_)
        change = _change(one, other)
        if change is not None:
            changes.append(
                LabelChange(
                    change=change, before=one and _label(one), after=other and _label(other)
                )
            )
    return changes


def _change(
    before: Label | None, after: Label | None
) -> Literal["added", "removed", "renamed", "described"] | None:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    if before.name != after.name:
        return "renamed"
    return "described" if before.description != after.description else None


routes: list[ControllerRouterHandler] = [list_all, get_one, change]
