"""Promises that features and models share."""

from __future__ import annotations

from collections.abc import Callable

from kodkod.api import Cancelled
from kodkod.testing.recording import RecordingContext
from kodkod.testing.subject import Subject, require

__all__ = ["Work", "require_cancellable", "require_progress"]

Work = Callable[[RecordingContext], object]


def require_progress(subject: Subject, work: Work, what: str) -> None:
    """Hold heavy work to telling how far it is."""
    context = subject.context()
    work(context)
    if subject.spec.resources.heavy:
        require(bool(context.reports), f"{what} calls ctx.progress, being heavy")


def require_cancellable(subject: Subject, work: Work, what: str) -> None:
    """Cancel at each of the first calls of progress; `Cancelled` must come through."""
    whole = subject.context()
    work(whole)
    for calls in range(min(len(whole.reports), 3)):
        try:
            work(subject.context(cancel_after=calls))
        except Cancelled:
            continue
        require(False, f"{what} lets Cancelled through, raised at call {calls + 1} of progress")
