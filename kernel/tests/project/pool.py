"""A board and its fold as tests use them, with a clock that they turn."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np

from kodkod.api import NoParams
from kodkod.project.board import Board, Lease
from kodkod.project.coding import Coder
from kodkod.project.fold import SchemeFold
from kodkod.project.walk import PoolWalk
from kodkod.store.log import Entry
from kodkod.store.projects import Label
from kodkod_schemes.multiclass import Multiclass

__all__ = ["LEASE", "Pool"]

LEASE = 60.0
LABELS = [Label(id=1, name="yes"), Label(id=2, name="no"), Label(id=3, name="maybe")]


class Pool:
    """One scheme's board with one walk, driven as the server drives them."""

    def __init__(self, order: Any, overlap: int, *, uniform: bool, seed: int = 0, n: int = 0):
        self.rows = np.array(order, dtype=np.int64)
        self.now = 0.0
        self.fold = SchemeFold(n or len(self.rows))
        self.merged: dict[int, int | None] = {}
        self.fold.recode(self.coder())
        self.board = Board(self.fold, overlap, lambda: self.now)
        self.uniform, self.seed = uniform, seed
        self.walk = self.new_walk()

    def coder(self) -> Coder:
        return Coder(Multiclass(NoParams()), LABELS, self.merged)

    def new_walk(self) -> PoolWalk:
        rng = np.random.default_rng([self.seed, self.fold.seq])
        rows = rng.permutation(self.rows) if self.uniform else self.rows
        walk = PoolWalk(rows, self.fold.n_rows, uniform=self.uniform, rng=rng)
        walk.attach(self.board)
        return walk

    def draw(self, user: int) -> tuple[Lease, float | None] | None:
        self.board.expire()
        drawn = self.walk.draw(self.board, user)
        if drawn is None:
            return None
        lease = self.board.lease(drawn.row, user, LEASE, "any", drawn.probability, None)
        return lease, drawn.probability

    def say(self, row: int, user: int, label: str | None, lease: str | None = None) -> None:
        """Answer by a label's id, or clear, as the route does."""
        raw = None if label is None else f'"{label}"'
        self.fold.apply(
            Entry(
                seq=self.fold.seq + 1,
                project_id=1,
                scheme_id=1,
                op="set",
                row=row,
                user_id=user,
                value=raw,
                created_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
        self.board.refresh(row, [user])
        if raw is None:
            self.board.pass_over(row, user)
        self.board.take(lease, row, user)
        self.board.refresh(row, [user])

    def retire(self, label: int, into: int | None) -> None:
        """Merge or delete a label: everything is counted anew, walks are made again."""
        self.merged = {**self.merged, label: into}
        self.fold.recode(self.coder())
        self.board.unwatch(self.walk)
        self.board.refresh_all()
        self.walk = self.new_walk()
