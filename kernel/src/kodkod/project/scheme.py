"""One scheme of a live project: its fold, board, guide, orders and walks."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import SchemeType, Strategy, StrategySpec
from kodkod.project.board import Board, Lease
from kodkod.project.coding import Coder
from kodkod.project.corpus import LiveCorpus
from kodkod.project.fold import SchemeFold
from kodkod.project.guide import Guide, GuideConfig, Predictions
from kodkod.project.orders import OrderKey, make_order, order_key
from kodkod.project.query import Filter, NextQuery
from kodkod.project.samples import names_of_columns, row_test, rows_said_of
from kodkod.project.walk import BrowseWalk, PoolWalk
from kodkod.store.log import Entry
from kodkod.store.projects import Scheme

__all__ = ["Choice", "LiveScheme", "Made", "WalkKey"]

# A walk takes 12 bytes a row: few are kept of a large corpus, many of a small one.
_WALKS = 32
_LEAST_WALKS = 4
_WALK_ROWS = 2_000_000
_ORDERS = 12


class Choice(Struct, frozen=True):
    """A request's strategy, resolved: what was asked for, the guide's, or else random."""

    spec: StrategySpec
    strategy: Strategy[Any]
    params: dict[str, Any]


class WalkKey(Struct, frozen=True):
    """What a walk depends on. `user_id` is None for the pool, which all walk together.

    `n_rows` is the corpus's: a walk that was being made when rows were added is not found again.
    """

    order: OrderKey
    filter: bytes
    split: str
    sample: bytes
    user_id: int | None
    n_rows: int


class Made(Struct, frozen=True):
    """A walk made in another thread, with its order where other walks can share it."""

    walk: PoolWalk | BrowseWalk
    order: NDArray[np.int64] | None


class LiveScheme:
    """Changed only on the event loop's thread; what takes long reads, and is adopted after."""

    def __init__(
        self,
        row: Scheme,
        scheme_type: SchemeType[Any, Any],
        corpus: LiveCorpus,
        clock: Callable[[], float],
    ) -> None:
        self.row = row
        self.corpus = corpus
        self.scheme_type = scheme_type
        self.fold = SchemeFold(len(corpus))
        self.coder = Coder(scheme_type, row.labels, {})
        self._clock = clock
        self.board = Board(self.fold, row.overlap, clock)
        self.guide: Guide | None = None
        self._orders: OrderedDict[OrderKey, NDArray[np.int64]] = OrderedDict()
        self._walks: OrderedDict[WalkKey, PoolWalk | BrowseWalk] = OrderedDict()
        self._set_guide(row.guide)

    # -- what changes ---------------------------------------------------------------------

    def load(self, entries: Iterable[Entry]) -> None:
        """Read the log so far."""
        self.fold.extend(entries)
        self._recode()

    def hear(self, entry: Entry) -> None:
        """Apply a new entry of the log."""
        if entry.seq <= self.fold.seq:
            return
        self._compare(entry)
        self.fold.apply(entry)
        if entry.op != "set":
            self._recode()
        elif entry.row is not None and entry.row < len(self.corpus):
            self.board.refresh(entry.row, [entry.user_id])

    def change(self, row: Scheme) -> None:
        """Take new names, labels, quota or guide from the scheme's stored row."""
        if row.guide != self.row.guide:
            self._set_guide(row.guide)
        self.row = row
        self.board.overlap = row.overlap
        self._recode()

    def grow(self, corpus: LiveCorpus) -> None:
        """Take a corpus to which rows were added."""
        self.corpus = corpus
        self.fold.grow(len(corpus))
        self._orders.clear()
        self._recode()

    def _recode(self) -> None:
        self.coder = Coder(self.scheme_type, self.row.labels, self.fold.merged)
        self.fold.recode(self.coder)
        # Counting anew changes many rows at once; walks are cheap to make again.
        for key in list(self._walks):
            self._drop_walk(key)
        self.board.refresh_all()

    def _set_guide(self, stored: dict[str, Any] | None) -> None:
        self.guide = None if stored is None else Guide(msgspec.convert(stored, GuideConfig))
        self._orders = OrderedDict((k, v) for k, v in self._orders.items() if k.version == 0)

    def _compare(self, entry: Entry) -> None:
        guide = self.guide
        if guide is None or entry.op != "set" or entry.value is None or entry.row is None:
            return
        if entry.source not in {"human", "adjudication"} or entry.row >= len(self.corpus):
            return
        if self.corpus.split_of(entry.row) != "train":
            return
        learnt = guide.predictions
        unseen = learnt is not None and not self.fold.voiced(entry.row)
        guide.note(
            predicted=self.believed(entry.row) if unseen else None,
            given=self.coder.read(entry.value),
        )

    # -- what the guide believes ----------------------------------------------------------

    @property
    def predictions(self) -> Predictions | None:
        """Return the guide's newest predictions."""
        return self.guide.predictions if self.guide else None

    @property
    def predicted_labels(self) -> tuple[str, ...]:
        """Return the names of the predictions' columns as they are now."""
        known = self.predictions
        return names_of_columns(known.label_ids, self.coder.labels) if known else ()

    def probabilities_of(self, row: int) -> NDArray[np.float32] | None:
        """Return the guide's probabilities for a row, if it has any."""
        known = self.predictions
        if known is None or row >= len(known.probabilities):
            return None
        return np.asarray(known.probabilities[row])

    def believed(self, row: int) -> Any:
        """Return the value that the guide predicts for a row, or None."""
        probabilities = self.probabilities_of(row)
        if probabilities is None:
            return None
        decoded = self.scheme_type.decode(probabilities[None, :], self.predicted_labels)
        return self.coder.canonical(decoded[0])

    def _beliefs(self) -> dict[int, Any]:
        known = self.predictions
        if known is None:
            return {}
        labels = names_of_columns(known.label_ids, self.coder.labels)
        decoded = self.scheme_type.decode(np.asarray(known.probabilities), labels)
        return dict(enumerate(decoded))

    def in_use(self) -> tuple[list[OrderKey], list[WalkKey]]:
        """Return the orders and pool walks made from predictions: those to renew on a refresh."""
        walks = [k for k, walk in self._walks.items() if isinstance(walk, PoolWalk)]
        return (
            [key for key in self._orders if key.version > 0],
            [key for key in walks if key.order.version > 0],
        )

    def publish(
        self,
        predictions: Predictions,
        orders: Mapping[OrderKey, NDArray[np.int64]],
        walks: Mapping[WalkKey, PoolWalk],
    ) -> bool:
        """Take a refresh's predictions with the orders and walks made from them, all at once."""
        if self.guide is None or not self.guide.publish(predictions):
            return False
        for key in [key for key in self._orders if key.version > 0]:
            del self._orders[key]
        for key in [key for key in self._walks if key.order.version > 0]:
            self._drop_walk(key)
        for order_key_, order in orders.items():
            self._keep_order(order_key_, order)
        for walk_key, walk in walks.items():
            if walk_key.n_rows == len(self.corpus):
                self.adopt(walk_key, Made(walk, None))
        return True

    # -- what is asked --------------------------------------------------------------------

    def walk_key(self, query: NextQuery, choice: Choice, user_id: int) -> WalkKey:
        """Return the key of the walk that a request means.

        Raises:
            ConflictError: the strategy needs predictions and there are none yet.
        """
        pooled = query.sample.kind == "untagged"
        return WalkKey(
            order_key(choice.spec, choice.params, self.predictions),
            msgspec.json.encode(query.filter),
            query.split,
            msgspec.json.encode(query.sample),
            None if pooled else user_id,
            len(self.corpus),
        )

    def cached_walk(self, key: WalkKey) -> PoolWalk | BrowseWalk | None:
        """Return a walk that is under way."""
        walk = self._walks.get(key)
        if walk is not None:
            self._walks.move_to_end(key)
        return walk

    def make_walk(
        self, key: WalkKey, query: NextQuery, choice: Choice, users: Mapping[str, int], user_id: int
    ) -> Made:
        """Make a walk. Takes milliseconds: for another thread. Nothing is changed yet.

        Raises:
            InvalidInputError: the filter, the sample or the strategy's params cannot be used.
        """
        corpus = self.corpus
        mask = corpus.mask(query.filter, query.split)
        order = self._orders.get(key.order)
        if order is None or choice.spec.uniform or len(order) != len(corpus):
            order = self.make_order(choice, self.predictions, self._seed(key))
        shared = None if choice.spec.uniform else order
        if query.sample.kind == "untagged":
            walk = self._pool_walk(key, order, mask, uniform=choice.spec.uniform)
            return Made(walk, shared)
        holds = row_test(query.sample, self.fold, user_id, users, self.believed)
        chosen = np.zeros(len(corpus), dtype=np.bool_)
        candidates = rows_said_of(query.sample, self.fold, len(corpus))
        candidates = candidates[mask[candidates]]
        if query.sample.kind == "predicted_as":
            # The whole corpus at once: one decoding for each row would take seconds.
            test = row_test(query.sample, self.fold, user_id, users, self._beliefs().get)
        else:
            test = holds
        if query.sample.kind != "all":
            candidates = candidates[np.fromiter(map(test, candidates.tolist()), dtype=np.bool_)]
        chosen[candidates] = True
        return Made(BrowseWalk(order[chosen[order]], holds), shared)

    def remake_walk(self, key: WalkKey, order: NDArray[np.int64]) -> PoolWalk:
        """Make a pool walk over a newer order. For another thread."""
        filter_ = msgspec.json.decode(key.filter, type=Filter)
        mask = self.corpus.mask(filter_, key.split)
        if len(order) < len(mask):
            mask = mask[: len(order)]
        return self._pool_walk(key, order, mask, uniform=False)

    def _pool_walk(
        self, key: WalkKey, order: NDArray[np.int64], mask: NDArray[np.bool_], *, uniform: bool
    ) -> PoolWalk:
        rows = order if mask.all() else order[mask[order]]
        rng = np.random.default_rng([*self._seed(key), 1])
        return PoolWalk(rows, len(mask), uniform=uniform, rng=rng)

    def make_order(
        self, choice: Choice, predictions: Predictions | None, seed: list[int] | None = None
    ) -> NDArray[np.int64]:
        """Work out a strategy's order. Takes milliseconds or more: for another thread."""
        labels = self.coder.names
        if predictions is not None:
            labels = names_of_columns(predictions.label_ids, self.coder.labels)
        return make_order(
            choice.strategy,
            choice.spec,
            len(self.corpus),
            labels,
            predictions,
            seed or [0],
            multilabel=self.coder.many_labels,
        )

    def adopt(self, key: WalkKey, made: Made) -> PoolWalk | BrowseWalk:
        """Begin a walk that was made, unless another request began it meanwhile."""
        if made.order is not None:
            self._keep_order(key.order, made.order)
        there = self._walks.get(key)
        if there is not None:
            return there
        if isinstance(made.walk, PoolWalk):
            made.walk.attach(self.board)
        self._walks[key] = made.walk
        most = min(_WALKS, max(_LEAST_WALKS, _WALK_ROWS // max(len(self.corpus), 1)))
        while len(self._walks) > most:
            self._drop_walk(next(iter(self._walks)))
        return made.walk

    def _keep_order(self, key: OrderKey, order: NDArray[np.int64]) -> None:
        # Rows may have been added while it was worked out; it would hide them from then on.
        if len(order) == len(self.corpus):
            self._orders[key] = order
            while len(self._orders) > _ORDERS:
                self._orders.popitem(last=False)

    def _drop_walk(self, key: WalkKey) -> None:
        walk = self._walks.pop(key)
        if isinstance(walk, PoolWalk):
            self.board.unwatch(walk)

    def draw(
        self, key: WalkKey, walk: PoolWalk | BrowseWalk, user_id: int, n: int, seconds: float
    ) -> list[Lease]:
        """Hand out up to `n` rows, each under a lease."""
        self.board.expire()
        leases: list[Lease] = []
        while len(leases) < n:
            drawn = walk.draw(self.board, user_id) if isinstance(walk, PoolWalk) else walk.draw()
            if drawn is None:
                # Skipped texts come back when nothing else is left.
                if isinstance(walk, PoolWalk) and self.board.forget_skips(user_id):
                    continue
                break
            version = key.order.version or None
            leases.append(
                self.board.lease(
                    drawn.row, user_id, seconds, key.order.strategy, drawn.probability, version
                )
            )
        if not leases and isinstance(walk, BrowseWalk):
            self._walks.pop(key, None)
        return leases

    def remaining(self, walk: PoolWalk | BrowseWalk, user_id: int) -> int:
        """Count what is left for a user after what was handed out."""
        if isinstance(walk, PoolWalk):
            return walk.remaining(self.board, user_id)
        return walk.remaining()

    def _seed(self, key: WalkKey) -> list[int]:
        # With the log's position: a walk made again must not begin with what was given back.
        text = msgspec.json.encode(key)
        return [self.row.project_id, self.row.id, self.fold.seq, zlib.crc32(text)]
