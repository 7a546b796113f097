"""Numbers in sentences and drawings, and what every rule says where nothing is left to do."""

from __future__ import annotations

import math

from kodkod.api import Advice, LearningHistory, Point, Score

__all__ = ["between", "finished", "percent", "point_of", "points", "share_of"]


def finished(history: LearningHistory) -> Advice | None:
    """Return the advice where every text is annotated, else None."""
    if history.n_rows and len(history.labelled) >= history.n_rows:
        return Advice(
            verdict="could-stop",
            sentence=f"All {history.n_rows:,} texts that can be annotated are annotated.",
        )
    return None


def percent(share: float) -> str:
    """Return a share as a percentage with as many digits as it takes to tell it from 0 and 100."""
    value = 100 * share
    if 0 < value < 0.1 or 99.9 < value < 100:
        return f"{value:.2f} %"
    return f"{value:.1f} %" if 0 < value < 10 or 90 < value < 100 else f"{value:.0f} %"


def point_of(n: float, score: Score) -> Point:
    """Return a score, which has a value, as a point; bounds that are not finite are left out."""

    def finite(bound: float | None) -> float | None:
        return bound if bound is not None and math.isfinite(bound) else None

    return Point(float(n), score.value or 0.0, finite(score.low), finite(score.high))


def points(difference: float) -> str:
    """Return a difference of scores, in hundredths."""
    return f"{100 * difference:.1f} points"


def between(score: Score) -> str:
    """Return the interval of a share in words, with a leading space; empty where there is none."""
    if score.low is None or score.high is None:
        return ""
    return f" ({percent(score.low)} to {percent(score.high)})"


def share_of(count: int, what: str) -> str:
    """Return a count and its noun, in the plural where it must be."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
