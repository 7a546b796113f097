"""A card's energy, and which part of it is a job's. Pure: nvml.py reads the cards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from msgspec import Struct

__all__ = ["Card", "CardMeter", "CardShare", "CardState", "CardUse", "Occupant", "share_of_card"]


class Occupant(Struct, frozen=True):
    """A process on a card: bytes it holds, and how busy it kept the card of late (0 to 100).

    What the driver does not tell is 0.
    """

    pid: int
    memory: int = 0
    busy: float = 0.0


class CardState(Struct, frozen=True):
    """A card at one moment: joules since the driver was loaded, or at least the watts of now.

    A `partitioned` card has others on it that cannot be seen.
    """

    joules: float | None
    watts: float | None
    occupants: tuple[Occupant, ...] = ()
    partitioned: bool = False


class Card(Protocol):
    """What can be asked for its state."""

    @property
    def name(self) -> str:
        """Return the model."""
        ...

    @property
    def uuid(self) -> str:
        """Return the identity, as CUDA_VISIBLE_DEVICES has it."""
        ...

    def state(self) -> CardState:
        """Look at the card."""
        ...


class CardShare(Struct, frozen=True):
    """Which part of a card's energy is a job's; `alone` if nobody else was on it."""

    part: float
    alone: bool
    how: str


class CardUse(Struct, frozen=True):
    """Joules that a job took of its cards. `measured` if all of them were its alone.

    `names` are the models, `how` says how they were shared. `untold` if there were processes on
    the job's cards of which nobody knows whether they are the job's.
    """

    joules: float = 0.0
    measured: bool = False
    names: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    untold: bool = False


def share_of_card(
    state: CardState,
    ours: Collection[int],
    *,
    assigned: bool = False,
    exists: Callable[[int], bool] = lambda _pid: True,
) -> CardShare | None:
    """Return the share of the processes `ours` in a card, None if they are not on it.

    Shared by how busy each process kept the card; where the driver does not tell, by the memory
    it holds, and else equally. In a container the driver tells numbers of the host, which mean
    nothing here (`exists` knows none of them): on a card that is `assigned` to the job one of
    the processes is taken to be the job's.
    """
    occupants = state.occupants
    mine = [each for each in occupants if each.pid in ours]
    if not mine:
        if not assigned or not occupants or any(exists(each.pid) for each in occupants):
            return None
        return CardShare(
            1 / len(occupants),
            alone=False,
            how=f"one of {len(occupants)} processes whose numbers this container cannot see",
        )
    if len(mine) == len(occupants) and not state.partitioned:
        return CardShare(1.0, alone=True, how="the job was alone on it")
    busy = sum(each.busy for each in occupants)
    if busy > 0:
        part = sum(each.busy for each in mine) / busy
        return CardShare(part, alone=False, how="shared by how busy each process kept it")
    memory = sum(each.memory for each in occupants)
    if memory > 0 and all(each.memory for each in occupants):
        part = sum(each.memory for each in mine) / memory
        return CardShare(part, alone=False, how="shared by the memory each process held")
    part = len(mine) / len(occupants)
    return CardShare(part, alone=False, how="shared equally among its processes")


class CardMeter:
    """Adds up a job's part of each card's energy, interval by interval.

    An interval counts by who was on the card at its end; by who was there at its start if the
    job has left meanwhile.
    """

    def __init__(
        self,
        cards: Sequence[Card],
        *,
        assigned: Collection[str] = (),
        exists: Callable[[int], bool] = lambda _pid: True,
    ) -> None:
        self._cards = cards
        self._assigned = assigned
        self._exists = exists
        self._last: dict[str, tuple[float, CardState, CardShare | None]] = {}
        self._joules = 0.0
        self._measured = True
        self._names: dict[str, str] = {}
        self._how: dict[str, None] = {}
        self._untold = False
        self.failed = False

    def tick(self, now: float, ours: Collection[int]) -> None:
        """Look at the cards; `now` is in seconds of a clock that never goes back."""
        for card in self._cards:
            state = card.state()
            assigned = card.uuid in self._assigned
            share = share_of_card(state, ours, assigned=assigned, exists=self._exists)
            if share is None and assigned:
                strangers = any(not self._exists(each.pid) for each in state.occupants)
                self._untold = self._untold or strangers
            if card.uuid in self._last:
                then, before, held = self._last[card.uuid]
                self._add(card, share or held, *_energy(before, state, now - then))
            self._last[card.uuid] = (now, state, share)

    def use(self) -> CardUse:
        """Return what the job took until the last tick."""
        return CardUse(
            joules=self._joules,
            measured=self._measured and bool(self._names) and not self.failed,
            names=tuple(self._names.values()),
            how=(*self._how, *(("until their driver failed",) if self.failed else ())),
            untold=self._untold,
        )

    def _add(self, card: Card, share: CardShare | None, joules: float | None, how: str) -> None:
        if share is None:
            return
        self._names[card.uuid] = card.name
        self._joules += (joules or 0.0) * share.part
        self._measured = self._measured and share.alone and joules is not None
        self._how |= dict.fromkeys(each for each in (share.how, how) if each)


def _energy(before: CardState, after: CardState, seconds: float) -> tuple[float | None, str]:
    """Return a card's joules in an interval, and how where it was not by its counter."""
    if before.joules is not None and after.joules is not None and after.joules >= before.joules:
        return after.joules - before.joules, ""
    if before.watts is not None and after.watts is not None:
        return (before.watts + after.watts) / 2 * seconds, "from its power at each look at it"
    return None, "without the seconds in which it told neither energy nor power"
