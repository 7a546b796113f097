"""Agreement: how far those who coded the same texts say the same, beyond what chance would give."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api.components import Component, P
from kodkod.api.specs import ComponentSpec
from kodkod.api.values import Span

__all__ = [
    "Agreement",
    "AgreementReport",
    "AgreementSpec",
    "Coded",
    "Coefficient",
    "PairAgreement",
    "beyond_chance",
    "cohen_kappa",
]


class Coded(Struct, frozen=True, kw_only=True):
    """Who said what of `n` texts. Each has a line, each coder a column.

    - `values` of schemes with one label a text: int64 `[n, n_coders]`, places in `labels`, -1
      where a coder said nothing. Of several labels: int8 `[n, n_coders, n_labels]`, 1 where the
      label is on the text, 0 where it is not, -1 throughout where the coder said nothing.
    - `spans[i][j]` is what coder j marked in text i, None where nothing was said of it; `lengths`,
      int64 `[n]`, are the texts' numbers of characters. `values` is then None.
    - `positions`, float64 `[n_labels]`: where each label stands on a scale; None means that labels
      have no numbers. Their order in `labels` is that of an ordinal scale all the same.
    """

    labels: tuple[str, ...]
    coders: tuple[str, ...]
    values: NDArray[Any] | None = None
    spans: Sequence[Sequence[Sequence[Span] | None]] | None = None
    lengths: NDArray[np.int64] | None = None
    positions: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.said)

    @property
    def said(self) -> NDArray[np.bool_]:
        """Return `[n, n_coders]`: who said something of which text."""
        if self.values is None:
            lines = [[each is not None for each in line] for line in self.spans or ()]
            return np.array(lines, dtype=np.bool_).reshape(len(lines), len(self.coders))
        said = np.asarray(self.values >= 0, dtype=np.bool_)
        return np.asarray(said.all(axis=2)) if said.ndim == 3 else said


class Coefficient(Struct, frozen=True, kw_only=True):
    """One coefficient with its interval, found by drawing texts with replacement.

    `value` is None where it is not defined, and `undefined` says why. An interval is None where
    too few of the draws have a value.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    undefined: str = ""


class PairAgreement(Struct, frozen=True, kw_only=True):
    """Two coders on the `n` texts that both have coded.

    `table[a][b]` counts the texts that the first gave `labels[a]` and the second `labels[b]`.
    `by_label` has, where a text may have several labels or the values are spans, what both have,
    only the first, only the second and neither: texts, or characters.
    """

    first: str
    second: str
    n: int
    overall: dict[str, Coefficient] = {}
    table: list[list[int]] | None = None
    by_label: dict[str, list[int]] | None = None


class AgreementReport(Struct, frozen=True, kw_only=True):
    """What a component found. Of `n` texts, `pairable` were coded by two people or more.

    Only those count. `coincidences[a][b]` is how often values `labels[a]` and `labels[b]` meet on
    a text, each text weighing as its number of values (Krippendorff 2011). `notes` are sentences
    on what was bounded or left out.
    """

    labels: list[str]
    coders: list[str]
    n: int
    pairable: int
    overall: dict[str, Coefficient]
    by_label: dict[str, dict[str, Coefficient]] = {}
    by_pair: list[PairAgreement] = []
    coincidences: list[list[float]] | None = None
    replicates: int = 0
    notes: list[str] = []


class AgreementSpec(ComponentSpec, frozen=True):
    """Coefficients of agreement for some types of scheme.

    `measures` are the names of its coefficients; `usual` those that are given where nobody asks
    for others. It runs in a thread of the web process: its factory must import no ML library.
    """

    kind: ClassVar[str] = "agreement"

    scheme_types: tuple[str, ...]
    measures: tuple[str, ...]
    usual: tuple[str, ...]


class Agreement(Component[P]):
    """Says how far coders agree."""

    @abstractmethod
    def measure(
        self, coded: Coded, measures: Sequence[str], rng: np.random.Generator
    ) -> AgreementReport:
        """Return these coefficients: overall, by label where they have a meaning, by pair.

        A coefficient that is not defined is in the report with its reason; nothing is raised for
        it. `rng` is for intervals.
        """


def beyond_chance(
    observed: NDArray[np.float64], expected: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return (observed - expected) / (1 - expected), NaN where chance alone gives 1.

    This is what the kappas, pi and AC have in common; they differ in what they expect.
    """
    shape = np.broadcast_shapes(np.shape(observed), np.shape(expected))
    left = 1 - np.asarray(expected, dtype=np.float64)
    # Sums of shares reach 1 up to rounding.
    defined = left > 1e-12
    return np.divide(observed - expected, left, out=np.full(shape, np.nan), where=defined)


def cohen_kappa(
    agreed: NDArray[np.float64], first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Cohen's kappa (1960) from counts; NaN where both always say the same one thing.

    `first` and `second`, `[..., k]`, are how often each used each of k categories; `agreed`,
    `[...]`, on how many they agree.
    """
    n = np.asarray(first.sum(axis=-1), dtype=np.float64)
    chance = np.asarray((first * second).sum(axis=-1), dtype=np.float64)
    known = n > 0
    whole = np.where(known, n, 1.0)
    observed = np.where(known, agreed / whole, np.nan)
    return beyond_chance(observed, chance / whole**2)
