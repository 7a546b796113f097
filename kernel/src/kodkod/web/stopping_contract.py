"""What the API says of stopping."""

from __future__ import annotations

from msgspec import Struct

from kodkod.api import Score, Verdict

__all__ = ["EvidencePoint", "EvidenceSeries", "RuleAdvice", "StoppingAdvice"]


class EvidencePoint(Struct, frozen=True, kw_only=True):
    """A point to draw, perhaps with an interval of 95 %."""

    x: float
    y: float
    low: float | None
    high: float | None


class EvidenceSeries(Struct, frozen=True, kw_only=True):
    """Points by ascending x, which are numbers of annotated texts unless `name` says else.

    `unit` is that of y; `threshold` is where the rule's opinion turns.
    """

    name: str
    unit: str
    threshold: float | None
    points: list[EvidencePoint]


class RuleAdvice(Struct, frozen=True, kw_only=True):
    """What one rule says, and why. `too-early`: there is too little evidence."""

    name: str
    title: str
    summary: str
    verdict: Verdict
    sentence: str
    evidence: list[EvidenceSeries]
    figures: dict[str, Score]


class StoppingAdvice(Struct, frozen=True, kw_only=True):
    """What every rule says of a scheme. None of them stops anything.

    `version` is the refresh of the guide that it is about, with `n_train` texts learnt from; 0
    where there is none. `message` says what is missing where there are no rules.
    """

    n_train: int
    version: int
    rules: list[RuleAdvice]
    message: str
