"""Consensus: one value for each text from the votes of several coders."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api.components import Component, P
from kodkod.api.specs import ComponentSpec

__all__ = ["Agreed", "Consensus", "ConsensusSpec", "Votes"]


class Votes(Struct, frozen=True, kw_only=True):
    """What coders say of units: vote i is `labels[i]` of `units[i]` by `coders[i]`.

    All are int64 `[m]`. Units are 0 to `n_units` - 1, coders and labels likewise. A coder votes
    once on a unit at most, and each unit has one vote at least.
    """

    units: NDArray[np.int64]
    coders: NDArray[np.int64]
    labels: NDArray[np.int64]
    n_units: int
    n_coders: int
    n_labels: int

    def __len__(self) -> int:
        return len(self.labels)


class Agreed(Struct, frozen=True, kw_only=True):
    """What the votes come to.

    - `probabilities`, float64 `[n_units, n_labels]`; each line sums to 1.
    - `tied`, bool `[n_units]`: no label is before all others.
    - `competence`, float64 `[n_coders]` from 0 to 1, NaN where it is not known. What it means the
      component's spec says.
    """

    probabilities: NDArray[np.float64]
    tied: NDArray[np.bool_]
    competence: NDArray[np.float64]


class ConsensusSpec(ComponentSpec, frozen=True):
    """A way to a consensus. `competence` says in a sentence what it finds out of each coder.

    Runs in the web process, off its event loop: its factory must import no ML library.
    """

    kind: ClassVar[str] = "consensus"

    competence: str


class Consensus(Component[P]):
    """Suggests what a text's value is. It decides nothing: an adjudicator does."""

    @abstractmethod
    def agree(self, votes: Votes, rng: np.random.Generator) -> Agreed:
        """Return what the votes come to. `rng` is for where a search begins.

        Raises:
            InvalidInputError: there are no votes.
        """
