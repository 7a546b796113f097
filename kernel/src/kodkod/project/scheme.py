"""One scheme of a live project: its fold, board, guide, orders and walks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import SchemeType
from kodkod.project.board import Board, Lease
from kodkod.project.choice import Choice
from kodkod.project.codebooks import Codebooks
from kodkod.project.coding import Coder
from kodkod.project.cold_start import ColdStart
from kodkod.project.consensus import Suggestions
from kodkod.project.corpus import LiveCorpus
from kodkod.project.disagreements import Disagreements
from kodkod.project.fold import SchemeFold
from kodkod.project.gold import Checks, GoldBook
from kodkod.project.guide import Guide, GuideConfig, Predictions
from kodkod.project.guide_values import Beliefs
from kodkod.project.knowledge import Artefacts, SchemeKnowledge, Vectors
from kodkod.project.making_walks import POOLED, pool_walk
from kodkod.project.orders import OrderKey, check_choice, joint_order, make_order
from kodkod.project.query import Filter, NextQuery, SplitName
from kodkod.project.samples import names_of_columns
from kodkod.project.shelf import Made, Shelf, WalkKey
from kodkod.project.sight import Sight
from kodkod.project.table import TableShelf
from kodkod.project.tasks import TaskBook
from kodkod.project.walk import BrowseWalk, PoolWalk, TaskWalk
from kodkod.store.log import Entry
from kodkod.store.projects import Scheme
from kodkod.store.tasks import Task

__all__ = ["GOLD", "LiveScheme"]

GOLD = "gold"
"""What the log names as the strategy of a text that was slipped in as a check."""

_LEARNT_STEP = 25
"""New labels after which an order that reads labels and no predictions is worked out anew."""


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
        self.artefacts = Artefacts()
        self.shelf = Shelf(self.board)
        self.disagreements = Disagreements(scheme_type, self.fold)
        self.suggested: tuple[tuple[Any, ...], Suggestions] | None = None
        self._cold = ColdStart(self.fold, scheme_type)
        self.past: tuple[int, LiveScheme] | None = None
        self.tables = TableShelf()
        self._beliefs: tuple[tuple[int, Coder], Beliefs] | None = None
        self._take_quality()
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
        if entry.op == "set" and entry.row is not None:
            self.book.hear(entry.row, entry.user_id)
        if entry.op in {"merge", "delete", "undo"}:
            self._recode()
        elif entry.row is not None and entry.row < len(self.corpus):
            self.board.refresh(entry.row, [entry.user_id])
            self.disagreements.note(entry.row)

    def change(self, row: Scheme) -> None:
        """Take new names, labels, quota or guide from the scheme's stored row."""
        if row == self.row:
            return  # Whoever changed it has told this process before its event came by.
        if row.guide != self.row.guide:
            self._set_guide(row.guide)
        self.row = row
        self.board.overlap = row.overlap
        self._take_quality()
        self._recode()

    def grow(self, corpus: LiveCorpus) -> None:
        """Take a corpus to which rows were added."""
        self.corpus = corpus
        self.fold.grow(len(corpus))
        self.shelf.forget_orders()
        self._recode()

    @property
    def book(self) -> TaskBook:
        """Return who has which texts in tasks."""
        return self.board.book

    def sight(self, user_id: int, *, whole: bool) -> Sight:
        """Return what a person sees of the scheme; `whole` for managers of the project."""
        return Sight(self.book, self.gold, user_id, whole)

    def assign(self, tasks: Sequence[Task]) -> None:
        """Take the scheme's tasks as they are stored now."""
        self.board.book = TaskBook(tasks, self.fold)
        self._forget_views()
        # Many rows may be open or not that were not so before.
        self.shelf.drop_walks()
        self.board.refresh_all()

    def _forget_views(self) -> None:
        self.tables.forget()
        self.past = None

    def _take_quality(self) -> None:
        checks = None if self.row.checks is None else msgspec.convert(self.row.checks, Checks)
        self.codebooks = Codebooks(self.row.versions, self.scheme_type, self.fold)
        self.gold = GoldBook(self.row.gold, checks, self.fold)

    def _recode(self) -> None:
        self.coder = Coder(self.scheme_type, self.row.labels, self.fold.merged)
        self.fold.recode(self.coder)
        self._forget_views()
        self.board.book = TaskBook(self.book.tasks, self.fold)
        # Counting anew changes many rows at once; walks are cheap to make again.
        self.shelf.drop_walks()
        self.board.refresh_all()

    def _set_guide(self, stored: dict[str, Any] | None) -> None:
        self.guide = None if stored is None else Guide(msgspec.convert(stored, GuideConfig))
        self.shelf.replace({}, {}, len(self.corpus))

    def _compare(self, entry: Entry) -> None:
        guide = self.guide
        if guide is None or entry.op != "set" or entry.value is None or entry.row is None:
            return
        if entry.source not in {"human", "adjudication"} or entry.row >= len(self.corpus):
            return
        if self.corpus.split_of(entry.row) != "train":
            return
        learnt = guide.predictions
        unseen = learnt is not None and not self.fold.is_coded(entry.row)
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
    def guide_version(self) -> int:
        """Return the number of the guide's newest published refresh, 0 before the first."""
        return self.guide.version if self.guide else 0

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

    def beliefs(self) -> Beliefs:
        """Return the guide's value for every row. Decoding them takes a while, once a version."""
        known, kept = self.predictions, self._beliefs
        if known is None:
            return Beliefs()
        state = (known.version, self.coder)
        if kept is None or kept[0] != state:
            labels = self.predicted_labels
            kept = (state, Beliefs(known.probabilities, labels, self.coder))
            self._beliefs = kept
        return kept[1]

    def knowledge(self, predictions: Predictions | None = None) -> SchemeKnowledge:
        """Return what strategies may read: as of now, or as of newer predictions."""
        return SchemeKnowledge(
            fold=self.fold,
            coder=self.coder,
            scheme_type=self.scheme_type,
            splits=self.corpus.splits,
            predictions=predictions or self.predictions,
            held_out=self.guide.held_out if self.guide else None,
            vectors=self.vectors,
            judges=tuple(j for j in self.artefacts.judges if j.scheme_id == self.row.id),
        )

    @property
    def vectors(self) -> Vectors | None:
        """Return the vectors that texts are compared by, if the project has any."""
        return self.artefacts.vectors_for(self.guide.config.features if self.guide else ())

    def missing(self) -> dict[str, int]:
        """Count, by label, the texts that a cold guide still waits for; empty when it is warm."""
        wanted = self.guide.config.cold_labels if self.guide else 0
        if not wanted:
            return {}
        return self._cold.missing(wanted, self.coder, self.corpus.splits)

    def renew(
        self, predictions: Predictions
    ) -> tuple[dict[OrderKey, tuple[NDArray[np.int64], Choice]], dict[WalkKey, PoolWalk]]:
        """Make from new predictions what is in use of old ones, so that nobody waits for it.

        Takes as long as the strategies in use: for another thread.
        """
        old_orders, old_walks = self.shelf.in_use()
        orders: dict[OrderKey, tuple[NDArray[np.int64], Choice]] = {}
        for old in old_orders:
            choice = self.shelf.choice(old)
            new = msgspec.structs.replace(old, version=predictions.version)
            orders[new] = (self.make_order(choice, new, predictions=predictions), choice)
        walks: dict[WalkKey, PoolWalk] = {}
        for key in old_walks:
            order_key = msgspec.structs.replace(key.order, version=predictions.version)
            if order_key in orders:
                order, choice = orders[order_key]
                new_key = msgspec.structs.replace(key, order=order_key)
                mask = self.corpus.mask(msgspec.json.decode(key.filter, type=Filter), key.split)
                mask = mask[: len(order)]
                walks[new_key] = pool_walk(
                    self, new_key, order, mask, choice, uniform=choice.uniform
                )
        return orders, walks

    def publish(
        self,
        predictions: Predictions,
        orders: Mapping[OrderKey, tuple[NDArray[np.int64], Choice]],
        walks: Mapping[WalkKey, PoolWalk],
    ) -> bool:
        """Take a refresh's predictions with the orders and walks made from them, all at once."""
        if self.guide is None or not self.guide.publish(predictions):
            return False
        self.shelf.replace(orders, walks, len(self.corpus))
        return True

    # -- what is asked --------------------------------------------------------------------

    def order_key(self, choice: Choice, filter_: Filter, split: SplitName) -> OrderKey:
        """Return what the order of a choice depends on now."""
        reads, known, vectors = choice.reads, self.predictions, self.vectors
        version = learnt = 0
        if known is not None and reads & {"probabilities", "committee", "held_out"}:
            version = known.version
        elif "labelled" in reads:
            learnt = int(np.count_nonzero(self.fold.coded)) // _LEARNT_STEP
        return OrderKey(
            strategy=choice.name,
            chain=choice.encoded(),
            version=version,
            learnt=learnt,
            vectors=vectors.key if vectors and reads & {"embeddings", "neighbours"} else "",
            within=_within(filter_, split) if "candidates" in reads or choice.joint else b"",
            joint=tuple(other.order_key(each, filter_, split) for other, each in choice.joint),
        )

    def walk_key(self, query: NextQuery, choice: Choice, user_id: int) -> WalkKey:
        """Return the key of the walk that a request means.

        Raises:
            ConflictError: the strategy needs what is not there yet.
            InvalidInputError: it is not for this type of scheme.
        """
        check_choice(choice, self.knowledge(), self.row.type)
        query = msgspec.structs.replace(query, filter=self.corpus.resolved(query.filter))
        pooled = query.sample.kind in POOLED
        return WalkKey(
            self.order_key(choice, query.filter, query.split),
            msgspec.json.encode(query.filter),
            query.split,
            msgspec.json.encode(query.sample),
            None if pooled else user_id,
            len(self.corpus),
        )

    def order_by(self, choice: Choice, filter_: Filter, split: SplitName) -> NDArray[np.int64]:
        """Return a choice's order, worked out now if need be. For another thread."""
        key = self.order_key(choice, filter_, split)
        order = self.shelf.order(key)
        if order is None or choice.uniform or len(order) != len(self.corpus):
            order = self.make_order(choice, key)
        return order

    def make_order(
        self,
        choice: Choice,
        key: OrderKey,
        *,
        predictions: Predictions | None = None,
        seed: list[int] | None = None,
    ) -> NDArray[np.int64]:
        """Work a choice's order out. Takes milliseconds or more: for another thread."""
        filter_, split = msgspec.json.decode(key.within or _ANYWHERE, type=_Within)
        candidates = self._candidates(filter_, split) if key.within else None
        seed = seed or [self.row.project_id, self.row.id, key.version, key.learnt]
        known = self.knowledge(predictions)
        from threadpoolctl import threadpool_limits  # knows of what is imported by now

        # OpenMP counts threads for the thread that asks, so that `serve` cannot set them for this
        # one; a k-means on all cores would hold up everybody who annotates meanwhile.
        with threadpool_limits(1, user_api="openmp"):
            order = make_order(choice, known, seed, candidates=candidates)
        if not choice.joint or choice.uniform:
            return order
        others = [other.order_by(each, filter_, split) for other, each in choice.joint]
        return joint_order([order, *(each for each in others if len(each) == len(order))])

    def _candidates(self, filter_: Filter, split: SplitName) -> NDArray[np.int64]:
        """Return the rows that may be drawn and that nobody has begun, ascending."""
        mask = self.corpus.mask(filter_, split)
        fresh = self.board.open & ~self.fold.coded
        n = min(len(fresh), len(mask))  # Rows may be added meanwhile.
        return np.flatnonzero(fresh[:n] & mask[:n])

    def adopt(self, key: WalkKey, made: Made, choice: Choice) -> PoolWalk | BrowseWalk:
        """Begin a walk that was made, unless another request began it meanwhile."""
        if made.order is not None and len(made.order) != len(self.corpus):
            # Rows were added while it was worked out; it would hide them from then on.
            made = Made(made.walk, None)
        return self.shelf.adopt(key, made, choice)

    def draw(
        self, key: WalkKey, walk: PoolWalk | BrowseWalk, user_id: int, n: int, seconds: float
    ) -> list[Lease]:
        """Hand out up to `n` rows, each under a lease."""
        self.board.expire()
        leases: list[Lease] = []
        rewound = False
        while len(leases) < n:
            checking = self._check(key, walk, user_id, seconds)
            if checking is not None:
                leases.append(checking)
                continue
            browses = isinstance(walk, BrowseWalk)
            drawn = walk.draw() if browses else walk.draw(self.board, user_id)
            if drawn is None:
                # Skipped texts come back when nothing else is left.
                if isinstance(walk, PoolWalk) and self.board.forget_skips(user_id):
                    continue
                if isinstance(walk, TaskWalk) and not leases and not rewound:
                    self.board.forget_skips(user_id)
                    walk.rewind()
                    rewound = True
                    continue
                break
            version = key.order.version or None
            leases.append(
                self.board.lease(
                    drawn.row, user_id, seconds, key.order.strategy, drawn.probability, version
                )
            )
        if not leases and isinstance(walk, BrowseWalk):
            self.shelf.drop_walk(key)
        return leases

    def _check(
        self, key: WalkKey, walk: PoolWalk | BrowseWalk, user_id: int, seconds: float
    ) -> Lease | None:
        """Reserve a gold text in place of what would come, where one is due.

        It is for whoever codes, in the pool or by their tasks, and not for who looks things up.
        """
        if not isinstance(walk, (PoolWalk, TaskWalk)):
            return None
        board = self.board

        def free(row: int) -> bool:
            return not board.holds(row, user_id) and row not in board.skipped_by(user_id)

        row = self.gold.due(user_id, free)
        if row is None:
            return None
        return board.lease(row, user_id, seconds, GOLD, None, key.order.version or None)

    def lease_too(self, lease: Lease, seconds: float) -> Lease | None:
        """Reserve here a text that was drawn in another scheme, if its user may have it here."""
        self.board.expire()
        if not self.board.open[lease.row] or lease.row in self.board.barred_to(lease.user_id):
            return None
        return self.board.lease(
            lease.row, lease.user_id, seconds, lease.strategy, None, self.guide_version or None
        )

    def remaining(self, walk: PoolWalk | BrowseWalk, user_id: int) -> int:
        """Count what is left for a user after what was handed out."""
        if isinstance(walk, PoolWalk):
            return walk.remaining(self.board, user_id)
        return walk.remaining()


def _within(filter_: Filter, split: SplitName) -> bytes:
    return msgspec.json.encode((filter_, split))


_Within = tuple[Filter, SplitName]
_ANYWHERE = _within(Filter(), "all")
