"""Leases that were answered are forgotten; those that were not lapse when they should."""

from __future__ import annotations

from kodkod.project.board import Board
from kodkod.project.fold import SchemeFold

N = 5_000


def test_answered_leases_leave_nothing_and_the_others_lapse() -> None:
    time = [0.0]
    board = Board(SchemeFold(N), 1, lambda: time[0])
    # given leases of which one in a thousand is never answered
    kept = []
    for row in range(N):
        lease = board.lease(row, row % 7, 60.0 + row / N, "random", None, None)
        if row % 1_000:
            board.take(lease.id, row, row % 7)
            board.refresh(row, [row % 7])
        else:
            kept.append(lease)
    assert len(board._expiries) < 2_000
    # when the first of them, and then all, have lapsed
    time[0] = kept[0].expires
    board.expire()
    assert set(board.leases) == {lease.id for lease in kept[1:]}
    time[0] = 100.0
    board.expire()
    assert board.leases == {}
    assert board.open.all()
