"""Promises of metrics, for each scheme type that the kit has targets for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kodkod.api import Compared, InvalidInputError, Metric, ScoreReport
from kodkod.testing.material import LABELS, SCHEME_TYPES, make_targets
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_N = 90


def gives_a_report(subject: Subject) -> None:
    """Every figure is finite or None, and lies in its interval; labels are the scheme's."""
    for scheme_type, reference in _references(subject):
        report = _score(subject, reference, _guesses())
        require(report.n == _N, f"n is the number of texts compared: {report.n}")
        require(report.labels == list(LABELS), "labels are those given, in order")
        require(set(report.by_label) <= set(LABELS), "by_label has labels for keys")
        scores = chain(report.overall.items(), *(each.items() for each in report.by_label.values()))
        for name, score in scores:
            figures = [each for each in (score.low, score.value, score.high) if each is not None]
            require(bool(np.isfinite(figures).all()), f"{name} is finite, or None if undefined")
            require(figures == sorted(figures), f"{name} lies in its interval: {figures}")
        if scheme_type == "multiclass" and report.confusion is not None:
            require(int(np.sum(report.confusion)) == _N, "the confusion matrix counts every text")


def same_seed_same_report(subject: Subject) -> None:
    """Two calls with one seed agree."""
    for _, reference in _references(subject):
        one, two = (_score(subject, reference, _guesses()) for _ in range(2))
        require(one == two, "randomness comes from rng alone")


def nothing_to_compare(subject: Subject) -> None:
    """No texts are refused by a message for users."""
    for _, reference in _references(subject):
        with pytest.raises(InvalidInputError):
            _score(subject, reference[:0], _guesses()[:0])


def one_text(subject: Subject) -> None:
    """A single text has a score, or is refused by a message for users."""
    for _, reference in _references(subject):
        try:
            report = _score(subject, reference[:1], _guesses()[:1])
        except InvalidInputError:
            continue
        require(report.n == 1, "one text was compared")


def _references(subject: Subject) -> Iterator[tuple[str, NDArray[Any]]]:
    mine = [each for each in SCHEME_TYPES if each in getattr(subject.spec, "scheme_types", ())]
    if not mine:
        pytest.skip(f"the kit has references for {', '.join(SCHEME_TYPES)} only")
    for scheme_type in mine:
        yield scheme_type, make_targets(_N, scheme_type)


def _guesses() -> NDArray[np.float32]:
    return np.random.default_rng(3).dirichlet(np.ones(len(LABELS)), _N).astype(np.float32)


def _score(
    subject: Subject, reference: NDArray[Any], probabilities: NDArray[np.float32]
) -> ScoreReport:
    metric: Metric = subject.build()
    compared = Compared(reference=reference, probabilities=probabilities, labels=LABELS)
    return metric.score(compared, np.random.default_rng(11))


CHECKS = (gives_a_report, same_seed_same_report, nothing_to_compare, one_text)
