"""Windows over long texts, and spans that come back through them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod.api import InvalidInputError, Span
from kodkod_transformers.bio import TagSet, write_tags
from kodkod_transformers.span_passages import frame_of, passages_of, read_tokens, windows_of
from kodkod_transformers.span_reading import tag_texts

from .test_span_units import TEXTS

TAGS = TagSet.of(("a", "b"), overlapping=False)
ENCODERS = ("tiny-bert", "tiny-modernbert", "tiny-deberta")


@cache
def tokenizer(folder: Path):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


@given(n=st.integers(0, 400), size=st.integers(1, 60))
@settings(max_examples=200)
def test_each_token_is_answered_for_once_and_where_it_is_seen(n, size):
    answered = []
    for start, stop, keep, end in windows_of(n, size):
        assert stop - start <= size
        assert start <= keep <= end <= stop
        answered.extend(range(keep, end))
    assert answered == list(range(n))


def test_a_token_is_answered_for_where_it_has_the_most_around_it():
    windows = list(windows_of(100, 40))
    assert windows == [(0, 40, 0, 35), (30, 70, 35, 65), (60, 100, 65, 100)]


@st.composite
def marked_texts(draw):
    text = draw(TEXTS) * draw(st.integers(1, 3))
    picks = draw(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 3)), max_size=6))
    return text, picks


@given(marked=marked_texts(), boundaries=st.sampled_from(["words", "characters"]))
@pytest.mark.parametrize("name", ENCODERS)
@settings(max_examples=60)
def test_spans_come_back_through_tokens_windows_and_tags(tiny_models, name, marked, boundaries):
    text, picks = marked
    (tokens,) = read_tokens(tokenizer(tiny_models / name), [text], boundaries)
    units = tokens.units
    spans, at = [], 0
    for skip, more in picks:
        first = at + skip % 5
        last = first + more
        if last >= len(units):
            break
        label = "ab"[skip % 2]
        spans.append(Span(int(units.start[first]), int(units.end[last]), label))
        at = last + 1
    written, left_out = write_tags(spans, units, TAGS)
    frame = frame_of(tokenizer(tiny_models / name))

    passages = list(passages_of(0, tokens, 10, frame))
    log_probs = []
    for passage in passages:
        assert len(passage.ids) <= 10
        # What is read of a unit is its own first token, with the special ones around.
        found = [passage.ids[i] for i in passage.at]
        own = units.token[passage.first : passage.stop]
        assert found == [tokens.ids[i] for i in own]
        sure = np.full((len(own), 1, TAGS.n_tags), np.log(0.01), dtype=np.float32)
        tags = written[passage.first : passage.stop, :, None]
        np.put_along_axis(sure, tags, np.log(0.9), axis=2)
        log_probs.append(sure)
    tagged = tag_texts(TAGS, passages[::-1], log_probs[::-1], [tokens], [0])

    assert left_out == 0
    assert [each.span for each in tagged.spans[0]] == spans
    for j, label in enumerate("ab"):
        expected = 0.9 if label in {each.label for each in spans} else 0.01 if len(units) else 0
        assert tagged.probabilities[0, j] == pytest.approx(expected, rel=1e-3)


def test_a_tokenizer_that_knows_no_characters_is_refused():
    with pytest.raises(InvalidInputError, match="fast tokenizer"):
        read_tokens(object(), ["text"], "words")


@pytest.mark.parametrize("name", ENCODERS)
def test_the_frame_is_what_stands_around_a_text(tiny_models, name):
    frame = frame_of(tokenizer(tiny_models / name))
    assert (frame.lead, frame.trail) == ([2], [3])
