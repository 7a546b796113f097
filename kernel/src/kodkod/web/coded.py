"""From what somebody says of a text to an entry of the log."""

from __future__ import annotations

from kodkod.api import InvalidValueError
from kodkod.project.scheme import LiveScheme
from kodkod.store.log import NewEntry
from kodkod.store.people import Identity

__all__ = ["coded", "decision_entry"]


def coded(scheme: LiveScheme, value: object, row: int, where: str, text_id: str) -> str | None:
    """Return what the log keeps of a value, None for one that clears.

    Raises:
        InvalidValueError: it does not fit; the message names the place in the request, and the
            text.
    """
    try:
        return scheme.coder.code(value, scheme.corpus.text_of(row))
    except InvalidValueError as error:
        raise InvalidValueError(
            f"{where}, text {text_id!r}: {error.message}", field=where
        ) from error


def decision_entry(
    scheme: LiveScheme,
    identity: Identity,
    *,
    row: int,
    value: str | None,
    comment: str = "",
    seconds: float | None = None,
    strategy: str | None = None,
    undoes: int | None = None,
) -> NewEntry:
    """Return the entry by which somebody decides on a row, or takes a decision back."""
    return NewEntry(
        project_id=scheme.row.project_id,
        scheme_id=scheme.row.id,
        op="set",
        row=row,
        user_id=identity.user_id,
        value=value,
        source="adjudication",
        strategy=strategy,
        comment=comment,
        seconds=seconds,
        undoes=undoes,
    )
