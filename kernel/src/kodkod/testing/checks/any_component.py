"""Promises of every component."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from kodkod.api import InvalidParamsError, decode_params, params_schema
from kodkod.plugins.checking import against_spec
from kodkod.testing.isolation import touched
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_SLOWEST_CONSTRUCTOR = 0.5
_LONGEST_SUMMARY = 160
_MODES = ("easy", "medium", "pro")


def spec_is_valid(subject: Subject) -> None:
    """The spec can be registered, and its title and summary fit on a line each."""
    spec = subject.spec
    reason = against_spec(spec)
    require(reason is None, str(reason))
    for name, text in (("title", spec.title), ("summary", spec.summary)):
        require(text == text.strip() and "\n" not in text, f"{name} is one line: {text!r}")
    require(len(spec.summary) <= _LONGEST_SUMMARY, "the summary is short enough for a list")


def params_make_a_form(subject: Subject) -> None:
    """Each field has a description and a mode in the JSON Schema; the form is made of them."""
    schema = params_schema(subject.spec.params)
    json.dumps(schema)
    for name, field in schema.get("properties", {}).items():
        require(bool(field.get("description")), f"params.{name} has a description")
        require(field.get("x-mode") in _MODES, f"params.{name} is marked easy(), medium() or pro()")


def params_survive_json(subject: Subject) -> None:
    """Defaults are within their own bounds, and params come back from JSON as they were."""
    params = _decoded(subject, subject.raw_params)
    raw: dict[str, Any] = json.loads(msgspec.json.encode(params))
    require(_decoded(subject, raw) == params, "params survive JSON")
    known = set(params_schema(subject.spec.params).get("properties", {}))
    require(set(raw) <= known, f"the schema has every field: {sorted(set(raw) - known)} missing")


def unknown_params_are_refused(subject: Subject) -> None:
    """A misspelt name is an error, and never silently a default."""
    try:
        decode_params(subject.spec.params, {**subject.raw_params, "no_such_param": 1})
    except InvalidParamsError as error:
        require("no_such_param" in str(error), "the refusal names the field")
    else:
        require(False, "unknown params are refused: derive from kodkod.api.Params")


def constructor_does_nothing(subject: Subject) -> None:
    """Constructing opens no file and takes no time; work waits for the first call."""
    subject.build()  # imports the factory
    start = time.perf_counter()
    with touched() as events:
        component = subject.build()
    seconds = time.perf_counter() - start
    require(not events, f"the constructor does nothing, and it did: {events[:3]}")
    require(seconds < _SLOWEST_CONSTRUCTOR, f"the constructor does nothing, in {seconds:.2f} s")
    require(component.params == subject.default_params(), "params are kept as they were given")


def _decoded(subject: Subject, raw: Mapping[str, Any]) -> Any:
    try:
        return decode_params(subject.spec.params, raw)
    except InvalidParamsError as error:
        name = subject.spec.name
        message = f'{error}; give contract_for(..., params={{"{name}": {{...}}}}) or mend a default'
        require(False, message)


CHECKS = (
    spec_is_valid,
    params_make_a_form,
    params_survive_json,
    unknown_params_are_refused,
    constructor_does_nothing,
)
