"""Promises of agreement, for each scheme type that the kit has values for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import cast

import numpy as np
import pytest
from msgspec.structs import replace

from kodkod.api import Agreement, AgreementReport, AgreementSpec, Coded, Coefficient, Span
from kodkod.testing.material import (
    LABELS,
    SCHEME_TYPES,
    make_spans,
    make_targets,
    make_texts,
)
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_N = 40
_CODERS = ("one", "two", "three")


def gives_what_is_asked(subject: Subject) -> None:
    """Each measure that is asked for has a figure in its interval, or a reason why not."""
    for coded in _coded(subject):
        report = _measure(subject, coded)
        require(report.labels == list(LABELS), "labels are those given, in order")
        require(report.coders == list(_CODERS), "coders are those given, in order")
        require(report.n == _N, f"n is the number of texts: {report.n}")
        require(set(report.overall) == set(_measures(subject)), "there is what was asked for")
        require(set(report.by_label) <= set(LABELS), "by_label has labels for keys")
        for name, found in _all(report):
            _require_sound(name, found)


def texts_of_one_coder_do_not_count(subject: Subject) -> None:
    """What one person alone has coded changes no figure, and is not pairable."""
    for coded in _coded(subject):
        alone = _only_first(coded, range(10))
        fewer = _some(coded, range(10, _N))
        report, other = _measure(subject, alone), _measure(subject, fewer)
        require(report.pairable == other.pairable == _N - 10, "two coders make a text pairable")
        for name in _measures(subject):
            _require_near(name, report.overall[name], other.overall[name], subject)


def no_text_in_common(subject: Subject) -> None:
    """Where no text has two coders every measure is undefined, and says why."""
    for coded in _coded(subject):
        report = _measure(subject, _only_first(coded, range(_N)))
        require(report.pairable == 0, "nothing is pairable")
        for name, found in report.overall.items():
            undefined = found.value is None and bool(found.undefined)
            require(undefined, f"{name} is undefined and says why: {found}")


def same_seed_same_report(subject: Subject) -> None:
    """Two calls with one seed agree."""
    for coded in _coded(subject):
        same = _measure(subject, coded) == _measure(subject, coded)
        require(same, "randomness comes from rng alone")


def perfect_agreement_is_one(subject: Subject) -> None:
    """Coders who all say the same, and not always the same thing, agree by 1."""
    for coded in _coded(subject):
        for name, found in _measure(subject, _copied(coded)).overall.items():
            perfect = found.value is None or found.value == pytest.approx(1)
            require(perfect, f"{name} of perfect agreement is 1: {found}")


def lists_pairs(subject: Subject) -> None:
    """Every pair that shares texts is listed with how many."""
    for coded in _coded(subject):
        said = coded.said
        pairs = {(each.first, each.second): each.n for each in _measure(subject, coded).by_pair}
        for i, j in ((0, 1), (0, 2), (1, 2)):
            n = int((said[:, i] & said[:, j]).sum())
            require(pairs.get((_CODERS[i], _CODERS[j])) == n, f"{i} and {j} share {n} texts")


def _require_sound(name: str, found: Coefficient) -> None:
    if found.value is None:
        require(bool(found.undefined), f"{name} is undefined and says why")
        return
    figures = [each for each in (found.low, found.value, found.high) if each is not None]
    require(bool(np.isfinite(figures).all()), f"{name} is finite: {figures}")
    require(figures == sorted(figures), f"{name} lies in its interval: {figures}")
    require(found.value <= 1 + 1e-9, f"{name} is at most 1: {found.value}")


def _require_near(name: str, one: Coefficient, other: Coefficient, subject: Subject) -> None:
    both = one.value is not None and other.value is not None
    require(both or one.value == other.value, f"{name} is defined by pairable texts alone")
    if both:
        near = one.value == pytest.approx(other.value, abs=1e-9)
        require(near, f"{name} does not depend on texts with one coder: {one} and {other}")


def _all(report: AgreementReport) -> Iterator[tuple[str, Coefficient]]:
    pairs = (each.overall for each in report.by_pair)
    for figures in chain([report.overall], report.by_label.values(), pairs):
        yield from figures.items()


def _measures(subject: Subject) -> tuple[str, ...]:
    return cast("AgreementSpec", subject.spec).measures


def _measure(subject: Subject, coded: Coded) -> AgreementReport:
    component = cast("Agreement", subject.build())
    return component.measure(coded, _measures(subject), np.random.default_rng(11))


def _coded(subject: Subject) -> Iterator[Coded]:
    types = cast("AgreementSpec", subject.spec).scheme_types
    mine = [each for each in (*SCHEME_TYPES, "span") if each in types]
    if not mine:
        pytest.skip("the kit has values of multiclass, multilabel and span schemes only")
    for scheme_type in mine:
        yield _passages() if scheme_type == "span" else _table(scheme_type)


def _table(scheme_type: str) -> Coded:
    truth = make_targets(_N, scheme_type).astype(np.int64)
    values = np.stack([truth] * len(_CODERS), axis=1)
    if scheme_type == "multiclass":
        values[::5, 1] = (values[::5, 1] + 1) % 3
        values[::3, 2] = -1
        positions = np.arange(len(LABELS), dtype=np.float64)
        return Coded(labels=LABELS, coders=_CODERS, values=values, positions=positions)
    values[::5, 1, 0] ^= 1
    values[::3, 2] = -1
    return Coded(labels=LABELS, coders=_CODERS, values=values.astype(np.int8))


def _passages() -> Coded:
    texts = make_texts(_N)
    spans = make_spans(texts)
    lines: list[Sequence[Sequence[Span] | None]] = []
    for place, mine in enumerate(spans):
        other = mine[1:] if place % 4 == 0 else mine
        lines.append([mine, other, None if place % 3 == 0 else mine])
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    return Coded(labels=LABELS, coders=_CODERS, spans=lines, lengths=lengths)


def _only_first(coded: Coded, places: range) -> Coded:
    """Return it with the texts at `places` coded by the first coder alone."""
    if coded.values is not None:
        values = coded.values.copy()
        values[list(places), 1:] = -1
        return replace(coded, values=values)
    spans = [
        [line[0], None, None] if place in places else line
        for place, line in enumerate(coded.spans or ())
    ]
    return replace(coded, spans=spans)


def _some(coded: Coded, places: range) -> Coded:
    chosen = list(places)
    if coded.values is not None:
        return replace(coded, values=coded.values[chosen])
    spans = coded.spans or ()
    lengths = None if coded.lengths is None else coded.lengths[chosen]
    return replace(coded, spans=[spans[place] for place in chosen], lengths=lengths)


def _copied(coded: Coded) -> Coded:
    """Return it with everybody saying what the first coder says."""
    if coded.values is not None:
        return replace(coded, values=np.stack([coded.values[:, 0]] * len(_CODERS), axis=1))
    return replace(coded, spans=[[line[0]] * len(_CODERS) for line in coded.spans or ()])


CHECKS = (
    gives_what_is_asked,
    texts_of_one_coder_do_not_count,
    no_text_in_common,
    same_seed_same_report,
    perfect_agreement_is_one,
    lists_pairs,
)
