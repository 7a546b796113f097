"""Promises of scheme types. Values are made by the widget that edits them."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import numpy as np

from kodkod.api import InvalidValueError, SchemeType
from kodkod.testing.material import HOSTILE_TEXTS
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_LABELS = ("for", "against", "👍 neither", "\u05e9")
_TEXT = "The council voted for the tram 🚋 and against the road."


def canonical_form_is_stable(subject: Subject) -> None:
    """A valid value validates to itself, before and after JSON."""
    scheme: SchemeType = subject.build()
    for value in _values(subject):
        valid = scheme.validate(value, _LABELS, _TEXT)
        require(scheme.validate(valid, _LABELS, _TEXT) == valid, "validating twice changes nothing")
        plain = json.loads(msgspec.json.encode(valid))
        require(scheme.validate(plain, _LABELS, _TEXT) == valid, "JSON changes nothing")


def wrong_values_are_refused(subject: Subject) -> None:
    """Every wrong shape is an InvalidValueError with a message, and nothing else."""
    scheme: SchemeType = subject.build()
    for value in _wrong():
        try:
            scheme.validate(value, _LABELS, _TEXT)
        except InvalidValueError as error:
            require(bool(error.message), "a refusal says why")
            continue
        require(False, f"{value!r} is refused")


def hostile_texts(subject: Subject) -> None:
    """Any text can be coded, and spans count in characters of the text."""
    scheme: SchemeType = subject.build()
    for text in HOSTILE_TEXTS:
        value = _value(subject, text)
        require(scheme.labels_of(scheme.validate(value, _LABELS, text)) is not None, "it is coded")


def distances_are_distances(subject: Subject) -> None:
    """A value is 0 from itself and up to 1 from others, the same from either side."""
    scheme: SchemeType = subject.build()
    values = [scheme.validate(value, _LABELS, _TEXT) for value in _values(subject)]
    for one in values:
        for other in values:
            apart = scheme.distance(one, other)
            require(0 <= apart <= 1, "a distance is from 0 to 1")
            require(abs(apart - scheme.distance(other, one)) < 1e-12, "it has no direction")
            require((one == other) <= (apart == 0), "the same is 0 apart")
        require(scheme.severity([one, one]) == 0, "who agrees does not disagree")
    require(0 <= scheme.severity(values) <= 1, "a severity is from 0 to 1")


def labels_can_be_mapped(subject: Subject) -> None:
    """Renaming renames, merging leaves no repeats, dropping all leaves nothing."""
    scheme: SchemeType = subject.build()
    for raw in _values(subject):
        value = scheme.validate(raw, _LABELS, _TEXT)
        used = scheme.labels_of(value)
        require(len(used) == len(set(used)), "labels_of names each label once")
        require(set(used) <= set(_LABELS), "labels_of names labels of the scheme")
        require(scheme.map_labels(value, lambda label: label) == value, "no change changes nothing")
        if used:
            renamed = scheme.map_labels(value, lambda label: f"new {label}")
            require(renamed is not None, "renaming loses nothing")
            require(
                scheme.labels_of(renamed) == [f"new {each}" for each in used], "renaming renames"
            )
            merged = scheme.map_labels(value, lambda _: "one")
            require(merged is not None, "merging loses nothing")
            require(scheme.labels_of(merged) == ["one"], "merging leaves no repeats")
            require(scheme.map_labels(value, lambda _: None) is None, "dropping all leaves nothing")


def encodes_for_models(subject: Subject) -> None:
    """Targets are int64 `[n]` or uint8 `[n, n_labels]`, or None where no table fits."""
    scheme: SchemeType = subject.build()
    values = [scheme.validate(each, _LABELS, _TEXT) for each in _values(subject)]
    targets = scheme.encode(values, _LABELS)
    if targets is None:
        return
    n, k = len(values), len(_LABELS)
    one = targets.dtype == np.int64 and targets.shape == (n,)
    several = targets.dtype == np.uint8 and targets.shape == (n, k)
    require(one or several, f"targets are int64 [n] or uint8 [n, k], not {targets.shape}")
    sure = np.eye(k, dtype=np.float32)[targets] if one else targets.astype(np.float32)
    require(scheme.decode(sure, _LABELS) == values, "decode gives back what encode was given")
    none = scheme.encode([], _LABELS)
    require(none is not None and len(none) == 0, "no values give no targets")
    require(scheme.decode(sure[:0], _LABELS) == [], "no probabilities give no values")


def _value(subject: Subject, text: str) -> Any:
    widget = getattr(subject.spec, "widget", "choice")
    if widget == "choice":
        return _LABELS[2]
    if widget == "choices":
        return [_LABELS[2], _LABELS[0]]
    return [{"start": 0, "end": len(text), "label": _LABELS[2]}] if text else []


def _values(subject: Subject) -> list[Any]:
    widget = getattr(subject.spec, "widget", "choice")
    if widget == "choice":
        return list(_LABELS)
    if widget == "choices":
        return [[_LABELS[3], _LABELS[0]], [_LABELS[1]], list(_LABELS), []]
    road = {"start": 46, "end": 54, "label": _LABELS[1]}
    return [[road, {"start": 0, "end": 11, "label": _LABELS[0]}], [road], []]


def _wrong() -> list[Any]:
    span = {"start": 0, "end": 3, "label": _LABELS[0]}
    return [
        None,
        True,
        3,
        1.5,
        {},
        {"label": "for"},
        b"for",
        "unknown",
        "",
        ["unknown"],
        ["for", "unknown"],
        [1],
        [None],
        [["for"]],
        [True],
        [{**span, "label": "unknown"}],
        [{**span, "label": 1}],
        [{**span, "start": -1}],
        [{**span, "end": 100_000}],
        [{**span, "end": 0}],
        [{**span, "start": 2, "end": 1}],
        [{**span, "start": True}],
        [{**span, "start": 0.0}],
        [{**span, "start": "0"}],
        [{**span, "extra": 1}],
        [{"start": 0, "end": 3}],
        [[0, 3, "for"]],
    ]


CHECKS = (
    canonical_form_is_stable,
    wrong_values_are_refused,
    hostile_texts,
    distances_are_distances,
    labels_can_be_mapped,
    encodes_for_models,
)
