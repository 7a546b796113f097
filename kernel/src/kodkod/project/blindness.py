"""Who must not see yet what others write of a text: the one place where that is decided."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.project.scheme import LiveScheme

__all__ = ["is_blind_to"]


def is_blind_to(schemes: Iterable[LiveScheme], row: int, user_id: int) -> bool:
    """Tell whether a user has yet to code a text that several are to code independently.

    A text of a blind task is such a text, a gold text is, and so are those of a scheme in which
    texts get more than one annotator: what others write would be read into the second coding. A
    text that a user has coded, or that has all the annotators it needs without them, is open to
    them.
    """
    return any(_has_yet_to_code(scheme, row, user_id) for scheme in schemes)


def _has_yet_to_code(scheme: LiveScheme, row: int, user_id: int) -> bool:
    if scheme.book.hidden(row, user_id) or scheme.gold.hidden(row, user_id):
        return True
    if scheme.row.overlap < 2 or user_id in scheme.fold.voiced(row):
        return False
    leased = any(
        lease.row == row and lease.user_id == user_id for lease in scheme.board.leases.values()
    )
    return leased or bool(scheme.board.open[row])
