"""Promises of metrics, for each scheme type that the kit has references for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, cast

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from kodkod.api import (
    Compared,
    ComparisonReport,
    Difference,
    InvalidInputError,
    Metric,
    ScoreReport,
    Span,
    Value,
)
from kodkod.testing.material import (
    LABELS,
    SCHEME_TYPES,
    make_spans,
    make_targets,
    make_texts,
    span_targets,
)
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_N = 90
_SPAN = "span"


def gives_a_report(subject: Subject) -> None:
    """Every figure is finite or None, and lies in its interval; labels are the scheme's."""
    for scheme_type, compared in _compared(subject):
        report = _score(subject, compared)
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
        for each in report.calibration or []:
            ordered = each.low <= each.mean_probability <= each.high
            require(ordered and each.n > 0, f"calibration has the bins that are not empty: {each}")


def same_seed_same_report(subject: Subject) -> None:
    """Two calls with one seed agree."""
    for _, compared in _compared(subject):
        one, two = (_score(subject, compared) for _ in range(2))
        require(one == two, "randomness comes from rng alone")


def nothing_to_compare(subject: Subject) -> None:
    """No texts are refused by a message for users."""
    for _, compared in _compared(subject):
        with pytest.raises(InvalidInputError):
            _score(subject, _some(compared, []))


def one_text(subject: Subject) -> None:
    """A single text has a score, or is refused by a message for users."""
    for _, compared in _compared(subject):
        try:
            report = _score(subject, _some(compared, [0]))
        except InvalidInputError:
            continue
        require(report.n == 1, "one text was compared")


def thresholds_count(subject: Subject) -> None:
    """With several labels a text, a label is on it from its own threshold on; None means 0.5."""
    for scheme_type, compared in _compared(subject):
        if scheme_type != "multilabel":
            continue
        half = np.full(len(LABELS), 0.5, dtype=np.float32)
        plain = _score(subject, compared)
        require(_score(subject, replace(compared, thresholds=half)) == plain, "None means 0.5")
        lower = replace(compared, thresholds=np.zeros(len(LABELS), dtype=np.float32))
        require(_score(subject, lower) != plain, "thresholds say which labels are on a text")


def order_of_texts(subject: Subject) -> None:
    """The same texts in another order have the same figures."""
    for _, compared in _compared(subject):
        backwards = _score(subject, _some(compared, range(_N)[::-1]))
        for name, score in _score(subject, compared).overall.items():
            again = backwards.overall[name].value
            require(
                score.value == again or score.value == pytest.approx(again, rel=1e-6),
                f"{name} does not depend on the order of the texts",
            )


def compares_two(subject: Subject) -> None:
    """Where it compares two predictors, each figure is as the score has it, and a tie is a tie."""
    for _, compared in _compared(subject):
        better = _better(compared)
        report = _compare(subject, compared, better)
        if report is None:
            continue
        require(report.n == _N, f"n is the number of texts compared: {report.n}")
        one, two = _score(subject, compared), _score(subject, better)
        for name, found in report.overall.items():
            require(found.first == one.overall[name].value, f"{name} is the first's score")
            require(found.second == two.overall[name].value, f"{name} is the second's score")
            _require_difference(name, found)
        require(_compare(subject, compared, better) == report, "randomness comes from rng alone")
        tie = _compare(subject, compared, compared)
        for name, found in {} if tie is None else tie.overall.items():
            require(found.difference in {0, None}, f"{name} does not differ from itself")
            require(found.p in {1, None}, f"{name} does not differ from itself: p = {found.p}")


def _require_difference(name: str, found: Difference) -> None:
    if found.difference is None:
        return
    require(
        found.difference == pytest.approx((found.second or 0) - (found.first or 0)),
        f"the difference in {name} is the second's less the first's",
    )
    bounds = [each for each in (found.low, found.difference, found.high) if each is not None]
    require(bounds == sorted(bounds), f"the difference in {name} lies in its interval: {bounds}")
    require(found.p is None or 0 <= found.p <= 1, f"p of {name} is a probability: {found.p}")


def _compared(subject: Subject) -> Iterator[tuple[str, Compared]]:
    known = (*SCHEME_TYPES, _SPAN)
    mine = [each for each in known if each in getattr(subject.spec, "scheme_types", ())]
    if not mine:
        pytest.skip(f"the kit has references for {', '.join(known)} only")
    for scheme_type in mine:
        yield scheme_type, _spans() if scheme_type == _SPAN else _table(scheme_type)


def _table(scheme_type: str) -> Compared:
    return Compared(
        reference=make_targets(_N, scheme_type), probabilities=_guesses(), labels=LABELS
    )


def _spans() -> Compared:
    """Return texts with their spans, of which every third text lacks its first one."""
    texts = make_texts(_N)
    spans = make_spans(texts)
    found = [each[1:] if i % 3 == 0 else each for i, each in enumerate(spans)]
    found[1] = [Span(span.start, span.end + 1, span.label) for span in found[1]]
    return Compared(
        reference=span_targets(spans),
        probabilities=_guesses(),
        labels=LABELS,
        texts=texts,
        values=cast("list[Value]", spans),
        predicted=cast("list[Value]", found),
    )


def _better(compared: Compared) -> Compared:
    """Return a predictor that has the first half of the texts right."""
    p = compared.probabilities.copy()
    columns = np.arange(len(LABELS))
    right: NDArray[Any] = compared.reference
    right = right[:, None] == columns if right.ndim == 1 else right
    p[: _N // 2] = right[: _N // 2]
    if compared.values is None or compared.predicted is None:
        return replace(compared, probabilities=p)
    predicted = [*compared.values[: _N // 2], *compared.predicted[_N // 2 :]]
    return replace(compared, probabilities=p, predicted=predicted)


def _guesses() -> NDArray[np.float32]:
    return np.random.default_rng(3).dirichlet(np.ones(len(LABELS)), _N).astype(np.float32)


def _some(compared: Compared, places: Any) -> Compared:
    chosen = list(places)
    picked = {
        name: [each[i] for i in chosen]
        for name in ("texts", "values", "predicted")
        if (each := getattr(compared, name)) is not None
    }
    index = np.array(chosen, dtype=np.int64)
    return replace(
        compared,
        reference=compared.reference[index],
        probabilities=compared.probabilities[index],
        **picked,
    )


def _score(subject: Subject, compared: Compared) -> ScoreReport:
    metric: Metric[Any] = subject.build()
    return metric.score(compared, np.random.default_rng(11))


def _compare(subject: Subject, first: Compared, second: Compared) -> ComparisonReport | None:
    metric: Metric[Any] = subject.build()
    return metric.compare(first, second, np.random.default_rng(11))


CHECKS = (
    gives_a_report,
    same_seed_same_report,
    nothing_to_compare,
    one_text,
    thresholds_count,
    order_of_texts,
    compares_two,
)
