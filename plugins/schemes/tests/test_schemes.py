"""Values of the three scheme types: what is taken, in which form, and what is refused."""

import contextlib

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import InvalidInputError, InvalidValueError, NoParams, Span
from kodkod_schemes.multiclass import Multiclass
from kodkod_schemes.multilabel import Multilabel
from kodkod_schemes.params import MultilabelParams, SpanParams
from kodkod_schemes.span import Spans

LABELS = ("pro", "contra", "neither", "both")
TEXT = "Trams, yes 🚋; roads, no."

one = Multiclass(NoParams())
several = Multilabel(MultilabelParams())
spans = Spans(SpanParams())
apart = Spans(SpanParams(allow_overlap=False))

label = st.sampled_from(LABELS)
mappings = st.dictionaries(label, st.sampled_from([None, "new", *LABELS]))


@st.composite
def raw_spans(draw):
    start = draw(st.integers(0, len(TEXT) - 1))
    end = draw(st.integers(start + 1, len(TEXT)))
    return {"start": start, "end": end, "label": draw(label)}


# -- multiclass -----------------------------------------------------------------------------


@given(st.lists(label))
def test_one_label_survives_encoding(values):
    targets = one.encode(values, LABELS)

    assert targets.dtype == np.int64
    assert one.decode(np.eye(4, dtype=np.float32)[targets], LABELS) == values


def test_of_two_equally_likely_labels_the_first_is_taken():
    assert one.decode(np.float32([[0.2, 0.4, 0.4, 0]]), LABELS) == ["contra"]


def test_an_unknown_label_is_refused_with_the_labels_there_are():
    with pytest.raises(InvalidValueError, match=r"'Pro'.*'pro', 'contra', 'neither', 'both'"):
        one.validate("Pro", LABELS, TEXT)


def test_of_many_labels_a_refusal_names_some():
    many = [f"label {i}" for i in range(1_000)]

    with pytest.raises(InvalidValueError, match="and 980 more") as refusal:
        one.validate("x" * 100_000, many, TEXT)

    assert len(refusal.value.message) < 1_000


# -- multilabel -----------------------------------------------------------------------------


@given(st.lists(label))
def test_several_labels_are_in_the_schemes_order_each_once(raw):
    value = several.validate(raw, LABELS, TEXT)

    assert value == sorted(set(raw), key=LABELS.index)


@given(st.lists(st.lists(label)))
def test_several_labels_survive_encoding(raw):
    values = [several.validate(each, LABELS, TEXT) for each in raw]
    targets = several.encode(values, LABELS)

    assert targets.dtype == np.uint8
    assert several.decode(targets.astype(np.float32), LABELS) == values


@pytest.mark.parametrize(
    ("threshold", "expected"), [(0.5, ["pro", "contra"]), (0.7, ["pro"]), (1.0, [])]
)
def test_a_label_counts_from_the_threshold_on(threshold, expected):
    scheme = Multilabel(MultilabelParams(threshold=threshold))

    assert scheme.decode(np.float32([[0.7, 0.5, 0.49, 0.0]]), LABELS) == [expected]


@given(st.lists(label), mappings)
def test_mapping_several_labels_loses_only_what_is_dropped(raw, mapping):
    value = several.validate(raw, LABELS, TEXT)
    mapped = several.map_labels(value, lambda each: mapping.get(each, each))
    kept = {mapping.get(each, each) for each in value} - {None}

    if value and not kept:
        assert mapped is None
    else:
        assert set(mapped) == kept
        assert len(mapped) == len(kept)


def test_nothing_applies_is_something_said_and_stays():
    assert several.map_labels([], lambda _: None) == []
    assert spans.map_labels([], lambda _: None) == []


# -- span -----------------------------------------------------------------------------------


@given(st.lists(raw_spans()))
def test_spans_are_sorted_each_once_and_survive_json(raw):
    value = spans.validate(raw, LABELS, TEXT)
    plain = msgspec.json.decode(msgspec.json.encode(value))

    assert value == sorted(set(value))
    assert {(span.start, span.end, span.label) for span in value} == {
        (each["start"], each["end"], each["label"]) for each in raw
    }
    assert spans.validate(plain, LABELS, TEXT) == value == spans.validate(value, LABELS, TEXT)


def test_offsets_count_characters_and_not_bytes_or_utf16_units():
    end = TEXT.index("🚋") + 1

    (span,) = spans.validate([{"start": 7, "end": end, "label": "pro"}], LABELS, TEXT)

    assert TEXT[span.start : span.end] == "yes 🚋"
    last = [{"start": 0, "end": len(TEXT), "label": "pro"}]
    assert spans.validate(last, LABELS, TEXT)
    with pytest.raises(InvalidValueError, match=f"<= {len(TEXT)}"):
        spans.validate([{**last[0], "end": len(TEXT) + 1}], LABELS, TEXT)


@given(st.lists(raw_spans(), max_size=6))
def test_overlap_is_refused_exactly_where_two_spans_share_a_character(raw):
    value = spans.validate(raw, LABELS, TEXT)
    shared = any(
        first.start < second.end and second.start < first.end
        for i, first in enumerate(value)
        for second in value[i + 1 :]
    )

    if shared:
        with pytest.raises(InvalidValueError, match="overlap"):
            apart.validate(raw, LABELS, TEXT)
    else:
        assert apart.validate(raw, LABELS, TEXT) == value


def test_spans_that_touch_do_not_overlap():
    touching = [{"start": 0, "end": 5, "label": "pro"}, {"start": 5, "end": 6, "label": "pro"}]

    assert len(apart.validate(touching, LABELS, TEXT)) == 2


@given(st.lists(raw_spans()), mappings)
def test_mapping_spans_keeps_places_and_merges_repeats(raw, mapping):
    value = spans.validate(raw, LABELS, TEXT)
    mapped = spans.map_labels(value, lambda each: mapping.get(each, each))
    kept = {(span.start, span.end, mapping.get(span.label, span.label)) for span in value}
    kept = {each for each in kept if each[2] is not None}

    if value and not kept:
        assert mapped is None
    else:
        assert mapped == [Span(*each) for each in sorted(kept)]


def test_merging_labels_makes_one_of_two_spans_in_one_place():
    value = [Span(0, 5, "contra"), Span(0, 5, "pro")]

    assert spans.map_labels(value, lambda _: "opinion") == [Span(0, 5, "opinion")]


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ({"start": 3, "end": 3, "label": "pro"}, "start < end"),
        ({"start": 4, "end": 3, "label": "pro"}, "start < end"),
        ({"start": True, "end": 3, "label": "pro"}, "start is a whole number"),
        ({"start": 0, "end": 3.0, "label": "pro"}, "end is a whole number"),
        ({"start": 0, "end": 3}, "start, end and label and nothing else"),
        ({"start": 0, "end": 3, "label": "pro", "x": 1}, "nothing else"),
        ({"start": 0, "end": 3, "label": "con"}, "no label 'con'"),
        ("0-3", "start, end and label"),
    ],
)
def test_a_wrong_span_is_refused_with_the_reason(span, reason):
    with pytest.raises(InvalidValueError, match=reason):
        spans.validate([span], LABELS, TEXT)


def test_spans_fit_no_table():
    assert spans.encode([[Span(0, 5, "pro")]], LABELS) is None
    with pytest.raises(InvalidInputError, match="model that tags spans"):
        spans.decode(np.zeros((1, 4), dtype=np.float32), LABELS)


# -- all ------------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize("scheme", [one, several, spans], ids=lambda each: type(each).__name__)
@given(value=anything)
def test_anything_at_all_is_taken_or_refused_and_no_crash(scheme, value):
    with contextlib.suppress(InvalidValueError):
        valid = scheme.validate(value, LABELS, TEXT)
        assert set(scheme.labels_of(valid)) <= set(LABELS)
