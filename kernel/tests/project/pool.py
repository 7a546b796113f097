"""A board and its walks as tests use them, with a clock that they turn.

`Pool` is a board with one walk, `SchemePool` a complete live scheme; both are driven as the server
drives them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
import polars as pl

from kodkod.api import NoParams, StrategySpec
from kodkod.project.board import Board, Lease
from kodkod.project.choice import Choice
from kodkod.project.coding import Coder
from kodkod.project.corpus import LiveCorpus
from kodkod.project.fold import Retirement, SchemeFold
from kodkod.project.guide import GuideConfig, Predictions
from kodkod.project.making_walks import make_walk
from kodkod.project.query import NextQuery
from kodkod.project.scheme import LiveScheme
from kodkod.project.walk import MixedWalk, PoolWalk
from kodkod.store.labels import Label
from kodkod.store.log import Entry
from kodkod.store.projects import Scheme
from kodkod_schemes.multiclass import Multiclass
from kodkod_selection.max_entropy import MaxEntropy
from kodkod_selection.mixed import Mixed, MixedParams
from kodkod_selection.plain import Random

__all__ = ["EXPLORE", "KINDS", "LEASE", "Pool", "SchemePool"]

LEASE = 60.0
EXPLORE = 0.3
KINDS = ("ordered", "uniform", "mixed")
LABELS = [Label(id=1, name="yes"), Label(id=2, name="no"), Label(id=3, name="maybe")]
TIME = datetime(2026, 1, 1, tzinfo=UTC)
MANAGER = 99


def entry(seq: int, **values: Any) -> Entry:
    """Return an entry of the log."""
    given = {"project_id": 1, "scheme_id": 1, "op": "set", "row": None, "created_at": TIME}
    return Entry(seq=seq, **(given | values))


class _Driven:
    """What annotators do, as the routes do it."""

    board: Board
    fold: SchemeFold

    def hear(self, **values: Any) -> None:
        raise NotImplementedError

    def say(self, row: int, user: int, label: str | None, lease: str | None = None) -> None:
        """Answer by a label's id, or clear, as the route does."""
        raw = None if label is None else f'"{label}"'
        self.hear(row=row, user_id=user, value=raw)
        if raw is None:
            self.board.pass_over(row, user)
        self.board.take(lease, row, user)
        self.board.refresh(row, [user])

    def undo(self, user: int) -> None:
        """Say again what stood before the user's newest answer."""
        step = self.fold.last_step(user)
        assert step is not None
        before = step.before
        value = before.raw if before else None
        self.hear(row=step.row, user_id=user, value=value, undoes=step.seq)


class Pool(_Driven):
    """One scheme's board with one walk, driven as the server drives them."""

    skips_come_back = False
    """Whether a draw brings skipped texts back when nothing else is left."""

    def __init__(
        self,
        order: Any,
        overlap: int,
        *,
        uniform: bool = False,
        mixed: bool = False,
        seed: int = 0,
        n: int = 0,
    ):
        self.rows = np.array(order, dtype=np.int64)
        self.now = 0.0
        self.fold = SchemeFold(n or len(self.rows))
        self.merged: dict[int, int | None] = {}
        self.fold.recode(self.coder())
        self.board = Board(self.fold, overlap, lambda: self.now)
        self.uniform, self.mixed, self.seed = uniform, mixed, seed
        self.walk = self.new_walk()

    def coder(self) -> Coder:
        return Coder(Multiclass(NoParams()), LABELS, self.merged)

    def new_walk(self) -> PoolWalk:
        rng = np.random.default_rng([self.seed, self.fold.seq])
        n_rows = self.fold.n_rows
        if self.mixed:
            walk: PoolWalk = MixedWalk(self.rows, n_rows, explore=EXPLORE, rng=rng)
        else:
            rows = rng.permutation(self.rows) if self.uniform else self.rows
            walk = PoolWalk(rows, n_rows, uniform=self.uniform, rng=rng)
        walk.attach(self.board)
        return walk

    def draw(self, user: int) -> tuple[Lease, float | None] | None:
        self.board.expire()
        drawn = self.walk.draw(self.board, user)
        if drawn is None:
            return None
        lease = self.board.lease(drawn.row, user, LEASE, "any", drawn.probability, None)
        return lease, drawn.probability

    def order(self) -> list[int]:
        """Return the order that the next draw follows."""
        return self.walk.rows.tolist()

    def remaining(self, user: int) -> int:
        return self.walk.remaining(self.board, user)

    def hear(self, **values: Any) -> None:
        self.fold.apply(entry(self.fold.seq + 1, **values))
        self.board.refresh(values["row"], [values["user_id"]])

    def retire(self, label: int, into: int | None) -> None:
        """Merge or delete a label: everything is counted anew, walks are made again."""
        self.merged = {**self.merged, label: into}
        self.fold.recode(self.coder())
        self._begin_anew()

    def set_overlap(self, overlap: int) -> None:
        """Change how many annotators a text needs."""
        self.board.overlap = overlap
        self._begin_anew()

    def grow(self, n: int) -> None:
        """Add rows, at the end of the order."""
        new = np.arange(self.fold.n_rows, self.fold.n_rows + n)
        self.rows = np.concatenate([self.rows, new])
        self.fold.grow(self.fold.n_rows + n)
        self._begin_anew()

    def publish(self, seed: int) -> None:
        """Go on with a walk over another order, as when a guide has learnt."""
        self.rows = np.random.default_rng(seed).permutation(self.rows)
        self.board.unwatch(self.walk)
        self.walk = self.new_walk()

    def _begin_anew(self) -> None:
        self.board.unwatch(self.walk)
        self.board.refresh_all()
        self.walk = self.new_walk()


def corpus(n: int) -> LiveCorpus:
    frame = pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(n)],
            "text": ["text"] * n,
            "split": pl.Series([0] * n, dtype=pl.UInt8),
        }
    )
    return LiveCorpus(frame, [])


def choice(name: str, strategy: Any, base: Choice | None = None, **more: Any) -> Choice:
    spec = StrategySpec(name=name, title="", summary="", factory="a:B", **more)
    return Choice(spec, strategy, {}, base)


ENTROPY = choice("max-entropy", MaxEntropy(NoParams()), needs=("probabilities",))
CHOICES = {
    "ordered": ENTROPY,
    "uniform": choice("random", Random(NoParams()), uniform=True),
    "mixed": choice(
        "mixed",
        Mixed(MixedParams(explore=EXPLORE)),
        ENTROPY,
        needs=("base",),
        uses=("probabilities",),
        explores="explore",
    ),
}
GUIDE = GuideConfig(
    features=("f",),
    model="m",
    params={},
    strategy="max-entropy",
    strategy_params={},
    refresh_every=10**9,
)


class SchemePool(_Driven):
    """A live scheme with a guide, and requests for its next texts by one strategy."""

    skips_come_back = True

    def __init__(self, kind: str, overlap: int, n: int) -> None:
        self.now = 0.0
        self.choice, self.uniform, self.mixed = CHOICES[kind], kind == "uniform", kind == "mixed"
        row = Scheme(
            id=1,
            project_id=1,
            name="topic",
            type="multiclass",
            params={},
            codebook="",
            overlap=overlap,
            guide=msgspec.to_builtins(GUIDE),
            created_at=TIME,
            labels=LABELS,
        )
        self.scheme = LiveScheme(row, Multiclass(NoParams()), corpus(n), lambda: self.now)
        self.scheme.load([])
        self.board, self.fold = self.scheme.board, self.scheme.fold
        self.version = 0
        self.publish(0)

    @property
    def merged(self) -> dict[int, int | None]:
        return self.fold.merged

    def _walk(self, user: int) -> tuple[Any, PoolWalk]:
        asked = NextQuery()
        key = self.scheme.walk_key(asked, self.choice, user)
        walk = self.scheme.shelf.walk(key)
        if walk is None:
            made = make_walk(
                self.scheme, key, asked, self.choice, {}, self.scheme.sight(user, whole=True)
            )
            walk = self.scheme.adopt(key, made, self.choice)
        assert isinstance(walk, PoolWalk)
        return key, walk

    def draw(self, user: int) -> tuple[Lease, float | None] | None:
        key, walk = self._walk(user)
        leases = self.scheme.draw(key, walk, user, 1, LEASE)
        return (leases[0], leases[0].probability) if leases else None

    def order(self) -> list[int]:
        return self._walk(1)[1].rows.tolist()

    def remaining(self, user: int) -> int:
        return self.scheme.remaining(self._walk(user)[1], user)

    def hear(self, **values: Any) -> None:
        self.scheme.hear(entry(self.fold.seq + 1, **values))

    def retire(self, label: int, into: int | None) -> None:
        row = self.scheme.row
        gone = [each for each in row.labels if each.id == label]
        op = "delete" if into is None else "merge"
        value = msgspec.json.encode(Retirement(gone, into)).decode()
        self.hear(op=op, user_id=MANAGER, value=value)
        kept = [each for each in row.labels if each.id != label]
        self.scheme.change(msgspec.structs.replace(row, labels=kept))

    def set_overlap(self, overlap: int) -> None:
        """Change how many annotators a text needs, and a label's name with it."""
        first, *rest = self.scheme.row.labels
        labels = [msgspec.structs.replace(first, name=f"yes {overlap}"), *rest]
        row = msgspec.structs.replace(self.scheme.row, overlap=overlap, labels=labels)
        self.scheme.change(row)

    def grow(self, n: int) -> None:
        self.scheme.grow(corpus(len(self.scheme.corpus) + n))

    def publish(self, seed: int) -> None:
        self.version += 1
        n = len(self.scheme.corpus)
        yes = np.random.default_rng(seed).random(n).astype(np.float32)
        new = Predictions(
            version=self.version,
            probabilities=np.stack([yes, 1 - yes], axis=1),
            label_ids=(1, 2),
            trained_at_seq=0,
            n_train=4,
        )
        assert self.scheme.publish(new, *self.scheme.renew(new))
