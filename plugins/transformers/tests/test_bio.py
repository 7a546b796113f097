"""Spans survive their way through tags, and no tags that are read are invalid."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod.api import Span
from kodkod_transformers.bio import TagSet, overlap_between_labels, read_spans, write_tags
from kodkod_transformers.bio_viterbi import likeliest_tags, valid
from kodkod_transformers.span_units import Units

LABELS = ("person", "place", "thing")


@st.composite
def unit_lists(draw):
    gaps = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), max_size=12))
    edges = list(itertools.accumulate(step for gap in gaps for step in gap))
    start, end = (np.array(edges[i::2], dtype=np.int64) for i in (0, 1))
    return Units(np.arange(len(start), dtype=np.int64), start, end)


@st.composite
def marked(draw):
    """Units, and spans that begin and end with them and overlap within no layer."""
    units = draw(unit_lists())
    overlapping = draw(st.booleans())
    spans = []
    for labels in [LABELS] if not overlapping else [(label,) for label in LABELS]:
        at = 0
        while at < len(units) and draw(st.booleans()):
            first = draw(st.integers(at, len(units) - 1))
            last = draw(st.integers(first, len(units) - 1))
            label = draw(st.sampled_from(labels))
            spans.append(Span(int(units.start[first]), int(units.end[last]), label))
            at = last + 1
    return units, sorted(spans), TagSet.of(LABELS, overlapping=overlapping)


def certain(written, tags):
    log_probs = np.full((*written.shape, tags.n_tags), np.log(1e-6), dtype=np.float32)
    np.put_along_axis(log_probs, written[:, :, None], np.log(0.9), axis=2)
    return log_probs


@given(marked())
@settings(max_examples=200)
def test_what_is_written_is_read_again(given_):
    units, spans, tags = given_
    written, left_out = write_tags(spans, units, tags)
    log_probs = certain(written, tags)
    (path,) = likeliest_tags([log_probs])
    found = read_spans(path, log_probs, units, tags)

    assert left_out == 0
    assert valid(written).all()
    assert [each.span for each in found] == spans
    assert all(each.score == pytest.approx(0.9, rel=1e-4) for each in found)


@given(
    units=unit_lists(),
    spans=st.lists(
        st.builds(
            Span,
            st.integers(0, 20),
            st.integers(21, 80),
            st.sampled_from([*LABELS, "unknown"]),
        ),
        max_size=6,
    ),
    overlapping=st.booleans(),
)
@settings(max_examples=100)
def test_any_spans_give_valid_tags_and_none_is_lost_untold(units, spans, overlapping):
    tags = TagSet.of(LABELS, overlapping=overlapping)
    written, left_out = write_tags(spans, units, tags)
    assert valid(written).all()
    assert (written % 2 == 1).sum() == len(spans) - left_out


@given(st.integers(0, 10_000), st.integers(1, 2), st.integers(1, 4))
@settings(max_examples=60)
def test_decoding_is_valid_and_as_good_as_trying_all(seed, n_labels, m):
    rng = np.random.default_rng(seed)
    n_tags = 1 + 2 * n_labels
    log_probs = np.log(rng.dirichlet(np.full(n_tags, 0.4), size=(m, 2)) + 1e-9)
    log_probs = log_probs.astype(np.float32)

    (path,) = likeliest_tags([log_probs])

    assert valid(path).all()
    everything = np.array(list(itertools.product(range(n_tags), repeat=m))).T
    allowed = everything[:, valid(everything)]
    for layer in range(2):
        totals = np.take_along_axis(log_probs[:, layer], allowed, axis=1).sum(axis=0)
        mine = np.take_along_axis(log_probs[:, layer], path[:, layer : layer + 1], axis=1).sum()
        assert mine == pytest.approx(totals.max(), abs=1e-4)


def test_decoding_many_at_once_is_decoding_each():
    rng = np.random.default_rng(3)
    many = [
        np.log(rng.dirichlet(np.ones(5), size=(m, 2))).astype(np.float32)
        for m in (0, 1, 7, 30, 3, 200)
    ]
    together = likeliest_tags(many)
    for each, path in zip(many, together, strict=True):
        np.testing.assert_array_equal(likeliest_tags([each])[0], path)
        assert valid(path).all()


def test_a_lone_inside_becomes_a_beginning_or_goes():
    tags = TagSet.of(("a",), overlapping=False)
    unit = Units(np.arange(1), np.array([0]), np.array([3]))
    for begin, expected in ((0.3, [Span(0, 3, "a")]), (0.1, [])):
        log_probs = np.log([[[0.4 - begin, begin, 0.6]]]).astype(np.float32)
        log_probs[0, 0, 0] = np.log(0.2)
        (path,) = likeliest_tags([log_probs])
        found = read_spans(path, log_probs, unit, tags)
        assert [each.span for each in found] == expected


def test_of_overlapping_spans_with_one_label_the_longest_is_learnt():
    units = Units(np.arange(4), np.arange(4) * 2, np.arange(4) * 2 + 1)
    spans = [Span(0, 3, "a"), Span(2, 7, "a"), Span(6, 7, "b")]
    flat, layered = (TagSet.of(("a", "b"), overlapping=each) for each in (False, True))

    written, left_out = write_tags(spans, units, flat)
    assert (written[:, 0].tolist(), left_out) == ([0, 1, 2, 2], 2)
    written, left_out = write_tags(spans, units, layered)
    assert (written.T.tolist(), left_out) == ([[0, 1, 2, 2], [0, 0, 0, 1]], 1)


def test_overlap_is_found_between_labels_only():
    assert not overlap_between_labels([[Span(0, 2, "a"), Span(2, 3, "b")], []])
    assert not overlap_between_labels([[Span(0, 2, "a"), Span(1, 3, "a")]])
    assert overlap_between_labels([[Span(0, 9, "a"), Span(1, 2, "a"), Span(5, 6, "b")]])


def test_tags_have_names():
    assert TagSet.of(("a", "b"), overlapping=False).names() == ["O", "B-a", "I-a", "B-b", "I-b"]
    layered = TagSet.of(("a", "b"), overlapping=True)
    assert layered.names() == ["O-a", "B-a", "I-a", "O-b", "B-b", "I-b"]
