"""Tokens and characters fit each other, whatever the text and the tokenizer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod.api import Span
from kodkod_transformers.span_units import boundaries_of, units_of

ENCODERS = ("tiny-bert", "tiny-modernbert", "tiny-deberta")

TEXTS = st.text(
    st.one_of(
        st.sampled_from(list("abe bank tax.,'-_")),
        st.sampled_from(["\u0301", "\u200d", "👩", "👧", "\ufe0f", "\r", "\n", "\t", "\u3000"]),
        st.sampled_from(["ש", "م", "\u202e", "é", "ﬁ", "㎏", "中", "न", "\u093f", "🇫", "🇷"]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@cache
def tokenizer(folder: Path):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


@pytest.fixture(scope="module", params=ENCODERS)
def offsets_by(request, tiny_models):
    def offsets(text):
        said = tokenizer(tiny_models / request.param)(
            text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        return np.array(said["offset_mapping"], dtype=np.int64).reshape(-1, 2)

    return offsets


@given(text=TEXTS)
@pytest.mark.parametrize("boundaries", ["words", "characters"])
@settings(max_examples=60)
def test_units_are_apart_ascend_and_cut_no_character(offsets_by, text, boundaries):
    offsets = offsets_by(text)
    units = units_of(text, offsets, boundaries)

    edges = np.stack([units.start, units.end], axis=1).ravel()
    assert (np.diff(edges)[::2] > 0).all()
    assert (np.diff(edges)[1::2] >= 0).all()
    assert (np.diff(units.token) > 0).all()
    whole = {0, len(text)} | {piece.start() for piece in regex.finditer(r"\X", text)}
    if not text.isascii():
        assert set(edges.tolist()) <= whole
    units_edges = (units.start, units.end)
    assert not any(text[start:end].isspace() for start, end in zip(*units_edges, strict=True))


@pytest.mark.parametrize(
    ("text", "boundaries", "expected"),
    [
        ("the bank", "words", ["the", "bank"]),
        ("  goals\r\nbankers ", "words", ["goals", "bankers"]),
        ("(bank)tax", "words", ["(", "bank", ")", "tax"]),
        ("cafe\u0301 ok", "words", ["cafe\u0301", "ok"]),
        ("👩\u200d👩\u200d👧 goal", "characters", ["👩\u200d👩\u200d👧", "goal"]),
        ("", "words", []),
        (" \t\r\n\u3000", "characters", []),
    ],
)
def test_units_of_some_texts(offsets_by, text, boundaries, expected):
    units = units_of(text, offsets_by(text), boundaries)
    found = [text[start:end] for start, end in zip(units.start, units.end, strict=True)]
    if boundaries == "words":
        assert found == expected
    else:
        # How many pieces a word is in depends on the tokenizer; none is cut inside a character.
        assert "".join(found) == "".join(expected)
        assert not expected or found[0] == expected[0]


def test_offsets_outside_of_the_text_are_cut():
    units = units_of("ab", np.array([[0, 1], [1, 9], [7, 9]]), "characters")
    assert units.end.tolist() == [1, 2]


def test_where_spans_begin_and_end_is_read_from_the_spans():
    text = "the bankers' tax"
    assert boundaries_of([text], [[Span(4, 11, "a"), Span(13, 16, "a")]]) == "words"
    assert boundaries_of([text], [[Span(4, 8, "a"), Span(13, 16, "a")]]) == "characters"
    assert boundaries_of([text, ""], [[], []]) == "words"
