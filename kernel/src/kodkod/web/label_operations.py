"""Label operations: what each changes in the tables, and what it writes to the log."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from kodkod.api import ConflictError, InvalidInputError
from kodkod.project.fold import Retirement
from kodkod.project.scheme import LiveScheme
from kodkod.store import labels
from kodkod.store.labels import Label
from kodkod.store.log import NewEntry
from kodkod.store.people import Identity
from kodkod.web.scheme_contract import (
    AddLabel,
    DeleteLabel,
    LabelOperation,
    MergeLabels,
    RenameLabel,
    ReorderLabels,
    RestyleLabel,
)
from kodkod.web.services import Services

__all__ = ["apply_operation", "check_names"]


async def apply_operation(
    services: Services, scheme: LiveScheme, operation: LabelOperation, identity: Identity
) -> None:
    """Carry an operation out. What merges or deletes goes to the log and can be undone.

    Raises:
        InvalidInputError: a label is not there.
        ConflictError: a label of this name is there already.
    """
    match operation:
        case AddLabel():
            _check_free(scheme, operation.name)
            await _add(services, scheme, operation)
        case RenameLabel():
            label = _label(scheme, operation.label)
            if operation.name != label.name:
                _check_free(scheme, operation.name)
                await _change(services, label, name=operation.name)
        case RestyleLabel():
            values = {
                name: value
                for name in ("color", "description")
                if (value := getattr(operation, name)) is not UNSET
            }
            await _change(services, _label(scheme, operation.label), **values)
        case ReorderLabels():
            await _reorder(services, scheme, operation.labels)
        case MergeLabels():
            into = _label(scheme, operation.into)
            names = dict.fromkeys(operation.labels)  # One named twice is one label.
            gone = [_label(scheme, name) for name in names if name != operation.into]
            if not gone:
                raise InvalidInputError("Name a label to merge that is not `into`.", field="labels")
            await _retire(services, scheme, "merge", Retirement(gone, into.id), identity)
        case DeleteLabel():
            gone = [_label(scheme, operation.label)]
            await _retire(services, scheme, "delete", Retirement(gone), identity)


def check_names(names: Sequence[str]) -> None:
    """Refuse a list of labels that are not all different.

    Raises:
        InvalidInputError: one is there twice or has only spaces.
    """
    seen: set[str] = set()
    for name in names:
        if not name.strip():
            raise InvalidInputError("A label has an empty name.", field="labels")
        if name in seen:
            raise InvalidInputError(f"The label {name!r} is there twice.", field="labels")
        seen.add(name)


def _label(scheme: LiveScheme, name: str) -> Label:
    for label in scheme.coder.labels:
        if label.name == name:
            return label
    known = ", ".join(repr(label.name) for label in scheme.coder.labels) or "none"
    raise InvalidInputError(f"There is no label {name!r}; there are {known}.", field="label")


def _check_free(scheme: LiveScheme, name: str) -> None:
    check_names([name])
    if name in scheme.coder.names:
        raise ConflictError(f"The scheme has a label {name!r} already; merge the two instead.")


async def _add(services: Services, scheme: LiveScheme, operation: AddLabel) -> None:
    async with services.database.write() as connection:
        await labels.add_labels(
            connection,
            scheme.row.id,
            [(operation.name, operation.color, operation.description)],
        )


async def _change(services: Services, label: Label, **values: object) -> None:
    if values:
        async with services.database.write() as connection:
            await labels.change_label(connection, label.id, **values)


async def _reorder(services: Services, scheme: LiveScheme, names: Sequence[str]) -> None:
    if sorted(names) != sorted(scheme.coder.names):
        raise InvalidInputError("Name every label of the scheme once.", field="labels")
    async with services.database.write() as connection:
        for position, name in enumerate(names):
            await labels.change_label(connection, _label(scheme, name).id, position=position)


async def _retire(
    services: Services, scheme: LiveScheme, op: str, what: Retirement, identity: Identity
) -> None:
    # The log first: a label that is gone without an entry could not be brought back.
    await services.log.append(
        [
            NewEntry(
                project_id=scheme.row.project_id,
                scheme_id=scheme.row.id,
                op=op,
                row=None,
                user_id=identity.user_id,
                value=msgspec.json.encode(what).decode(),
            )
        ]
    )
    async with services.database.write() as connection:
        await labels.delete_labels(connection, [label.id for label in what.labels])
