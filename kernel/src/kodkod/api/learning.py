"""How the learning of a scheme went so far, and rules that say whether more labels still help."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api.components import Component
from kodkod.api.params import Params
from kodkod.api.scoring import Score
from kodkod.api.specs import ComponentSpec

__all__ = [
    "Advice",
    "Belief",
    "CurvePoint",
    "HeldOut",
    "LearningHistory",
    "Point",
    "Series",
    "StoppingRule",
    "StoppingRuleSpec",
    "Verdict",
]

P = TypeVar("P", bound=Params)

Verdict = Literal["too-early", "go-on", "could-stop"]
"""`too-early`: there is too little evidence to say anything."""


class Belief(Struct, frozen=True, kw_only=True):
    """What a guide believes of the corpus after one refresh, and how that changed.

    - `n_train` texts were learnt from, of the log as of `trained_at_seq`; `at` is in UTC.
    - `share[i]` is the share of all rows predicted as `label_ids[i]`; with several labels a text,
      those with a probability of 0.5 or more.
    - `uncertainty` is the mean, over the rows that can still be annotated, of the entropy divided
      by log(k); with several labels a text, of the mean binary entropy of the labels in bits.
      From 0 (sure of everything) to 1.
    - `compared` rows are the stop set, a fixed sample, that was predicted before too (0: there was
      no refresh before). `kappa` is Cohen's kappa between both predictions of it; with several
      labels a text, the mean of the labels' kappas.
    - `changed` is the share of all rows whose predicted value is another one than before.
    - `flows` are the greatest changes as (from label id, to label id, rows); not with several
      labels a text.
    """

    version: int
    trained_at_seq: int
    n_train: int
    at: datetime
    label_ids: tuple[int, ...]
    share: tuple[float, ...]
    uncertainty: float
    compared: int = 0
    kappa: float | None = None
    changed: float | None = None
    flows: tuple[tuple[int, int, int], ...] = ()


class HeldOut(Struct, frozen=True, kw_only=True):
    """What cross-validation on the labelled texts said at one moment.

    `score` is the `metric` over all held-out predictions, its interval by bootstrap over texts.
    """

    n_train: int
    trained_at_seq: int
    score: Score
    metric: str = "macro_f1"


class CurvePoint(Struct, frozen=True, kw_only=True):
    """The score of a model that learnt from `n` labelled texts, on texts that it has not seen.

    `replicates` are the same bootstrap replicates at each point of a curve, so that differences
    between points can be told more precisely than the points themselves.
    """

    n: int
    score: Score
    replicates: tuple[float, ...] = ()


class LearningHistory(Struct, frozen=True, kw_only=True):
    """What a stopping rule reads. Arrays belong to the server: a rule changes none of them.

    - `labels` names the columns of all `[..., k]`; `multilabel` says that a text may have several.
    - `n_rows` rows can be annotated: those of the train split.
    - `beliefs` and `assessments` ascend in time. Both are bounded: the oldest may be gone.
    - `curve` is the newest learning curve, ascending in `n`; empty before the first assessment.
    - `probabilities`, float32 `[n_rows, k]`: the guide's newest; None before the first refresh, NaN
      where a row or a label has none yet.
    - `labelled`, int64, ascending: places, in those `n_rows`, of rows with a value that counts.
      `targets` are the values as in `TrainingSet`, in the order of `labelled`: int64 `[n]` of
      label positions, or uint8 `[n, k]`.
    - `held_out`, float32 `[len(labelled), k]`: what models that have not learnt from the row say
      of it; None before the first assessment, NaN for what was labelled after it.
    - `selection_probability`, float64 `[len(labelled)]`: the probability with which the row was
      drawn from those that were then eligible; NaN where it is not defined.
    - `turn`, int64 `[len(labelled)]`: when the row was labelled first, from 0: a permutation.
    """

    labels: tuple[str, ...]
    multilabel: bool
    n_rows: int
    beliefs: tuple[Belief, ...]
    assessments: tuple[HeldOut, ...]
    curve: tuple[CurvePoint, ...]
    probabilities: NDArray[np.float32] | None
    labelled: NDArray[np.int64]
    targets: NDArray[Any]
    held_out: NDArray[np.float32] | None
    selection_probability: NDArray[np.float64]
    turn: NDArray[np.int64]
    rng: np.random.Generator


class Point(Struct, frozen=True):
    """A point of a series, perhaps with an interval of 95 %. All are finite."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None


class Series(Struct, frozen=True, kw_only=True):
    """Evidence to draw: `points` by ascending x, which are labelled texts unless `name` says else.

    `unit` is that of y ("" for a plain number or a share). `threshold` is where the rule's
    opinion turns.
    """

    name: str
    points: list[Point]
    unit: str = ""
    threshold: float | None = None


class Advice(Struct, frozen=True, kw_only=True):
    """What a rule makes of the history. It stops nothing.

    `sentence` says why, with the numbers, and what would have to happen for another verdict.
    `figures` has what the rule reckons, each with an interval where one is defined; names are
    plain English, and what a rule reckons for a label carries the label's name.
    """

    verdict: Verdict
    sentence: str
    evidence: list[Series] = []
    figures: dict[str, Score] = {}


class StoppingRule(Component[P]):
    """Whether more labels still help."""

    @abstractmethod
    def advise(self, history: LearningHistory) -> Advice:
        """Judge the history; randomness comes from `history.rng` alone.

        Every history gets an answer: an empty one, one with NaNs, one in which everything is
        labelled. What there is too little evidence for is `too-early`, with the reason.
        """


class StoppingRuleSpec(ComponentSpec, frozen=True):
    """A rule of when to stop. Runs in the web process: its factory must import no ML library.

    `scheme_types` are those that it is for; none means any whose values fit a table of labels.
    """

    kind: ClassVar[str] = "stopping-rule"

    scheme_types: tuple[str, ...] = ()
