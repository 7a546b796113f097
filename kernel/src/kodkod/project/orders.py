"""Orders: a strategy's permutation of the pool, and what it depends on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import NEEDS, ConflictError, InvalidInputError, Need, Pool
from kodkod.project.choice import Choice

__all__ = [
    "Knowledge",
    "OrderKey",
    "check_choice",
    "check_type",
    "joint_order",
    "make_order",
]

_ALWAYS: frozenset[Need] = frozenset({"base", "candidates", "labelled"})


class OrderKey(Struct, frozen=True):
    """What an order depends on.

    `version` is the guide's, 0 where the order reads no predictions. `learnt` moves with the
    labels where no guide's version does. `vectors` names the embeddings that it reads, `within`
    the filter and split, where the order minds what may be drawn. `joint` has the orders of
    other schemes that it is combined with.
    """

    strategy: str
    chain: str
    version: int = 0
    learnt: int = 0
    vectors: str = ""
    within: bytes = b""
    joint: tuple[OrderKey, ...] = ()

    @property
    def renews(self) -> bool:
        """Tell whether a new version of the guide makes another order of it."""
        return self.version > 0


class Knowledge(Protocol):
    """What a scheme knows that a strategy may read."""

    @property
    def n_rows(self) -> int:
        """How many rows the corpus has."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the columns of all probabilities."""
        ...

    @property
    def multilabel(self) -> bool:
        """Whether a text may have several labels."""
        ...

    def has(self, need: Need) -> bool:
        """Tell whether there is such a thing; at once."""
        ...

    def fields(self, wanted: set[Need]) -> dict[str, Any]:
        """Return the pool's fields for what is wanted and there. May take long."""
        ...


def check_type(choice: Choice, scheme_type: str) -> None:
    """See that a strategy is for schemes of a type.

    Raises:
        InvalidInputError: it is not.
    """
    for each in choice.chain:
        if each.spec.scheme_types and scheme_type not in each.spec.scheme_types:
            raise InvalidInputError(
                f"The strategy {each.spec.name!r} is for {', '.join(each.spec.scheme_types)} "
                f"schemes, and this one is {scheme_type}; choose another strategy.",
                field="strategy",
            )


def check_choice(choice: Choice, known: Knowledge, scheme_type: str) -> None:
    """See that a strategy can be used now.

    Raises:
        InvalidInputError: it is not for this type of scheme.
        ConflictError: it needs what is not there yet.
    """
    check_type(choice, scheme_type)
    for each in choice.chain:
        for need in each.spec.needs:
            if need in _ALWAYS or (need == "query" and choice.text):
                continue
            if not known.has(need):
                raise ConflictError(f"The strategy {each.spec.name!r} needs {NEEDS[need]}.")


def make_order(
    choice: Choice,
    known: Knowledge,
    seed: Sequence[int],
    *,
    candidates: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Work an order out. Takes milliseconds to seconds: not for the event loop.

    `candidates` are the rows that may be drawn, ascending; strategies that mind them have them
    in front.

    Raises:
        InvalidParamsError: a param names what is not there.
    """
    fields = known.fields(choice.reads)
    fields |= {"candidates": candidates, "query": choice.vector}
    order: NDArray[np.int64] | None = None
    for each in reversed(list(choice.chain)):
        wanted: set[str] = {*each.spec.needs, *each.spec.uses}
        if "labelled" in wanted:
            wanted.add("targets")
        pool = Pool(
            n=known.n_rows,
            rng=np.random.default_rng(seed),
            labels=known.labels,
            multilabel=known.multilabel,
            base=order,
            **{name: value for name, value in fields.items() if name in wanted},
        )
        order = each.strategy.order(pool)
    if order is None:
        raise AssertionError("a choice is a chain of one strategy at least")
    return order


def joint_order(orders: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return the order of the sums of ranks, ties by the first of `orders`.

    Rank combination for annotating several things at once: Reichart, Tomanek, Hahn and
    Rappoport (2008), "Multi-task active learning for linguistic annotations", ACL.
    """
    total = np.zeros(len(orders[0]), dtype=np.int64)
    for order in orders:
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        total += rank
    first = orders[0]
    return first[np.argsort(total[first], kind="stable")]
