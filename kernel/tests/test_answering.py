import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kodkod.api import (
    Answer,
    InvalidValueError,
    LabelTask,
    Span,
    answer_rules,
    answer_schema,
    locate_quote,
    read_answer,
    vote,
)

TEXT = "Ada met Bob in New York. Bob paid for the café, “a  small place” — then Ada left."


def check(value, text):
    if isinstance(value, list):
        for each in value:
            if not isinstance(each, Span):
                check(each, text)
        return sorted(set(value))
    if value not in ("yes", "no", "Not sure"):
        raise InvalidValueError(f"no label {value!r}")
    return value


def task(scheme_type="multiclass", labels=("yes", "no", "Not sure"), justify=False, check=check):
    return LabelTask(
        scheme_type=scheme_type,
        labels=labels,
        descriptions=("",) * len(labels),
        check=check,
        justify=justify,
    )


def spans_task(**kwargs):
    return task("span", labels=("person", "place"), check=lambda value, _: value, **kwargs)


def read(said, of=None, text=TEXT):
    return read_answer(of or task(), said, text).value


@pytest.mark.parametrize("scheme_type", ["multiclass", "multilabel", "span"])
@pytest.mark.parametrize("justify", [False, True])
def test_a_schema_is_strict_and_the_reason_comes_first(scheme_type, justify):
    schema = answer_schema(task(scheme_type, justify=justify))
    assert schema["additionalProperties"] is False
    assert schema["required"] == list(schema["properties"])
    assert (next(iter(schema["properties"])) == "justification") is justify
    rules = answer_rules(task(scheme_type, justify=justify))
    for name in (*schema["properties"], "Not sure"):
        assert f'"{name}"' in rules


def test_a_scheme_type_that_nobody_can_read_is_refused():
    with pytest.raises(InvalidValueError, match="'ranking'"):
        answer_schema(task("ranking"))


@pytest.mark.parametrize(
    "said",
    [
        {"label": "yes"},
        '{"label": "yes"}',
        '```json\n{"label": "yes"}\n```',
        'Sure! Here it is: {"label": " YES "} I hope that helps {you}.',
        '{"label": "yes"} as I said: {"label": "yes"}',
        '<think>{"label": "no"}? No.</think>\n{"label": "yes"}',
        '{"label": "yes", "sure": true}',
        "yes",
        ' "Yes"\n',
        "“yes”",
    ],
)
def test_one_label_is_read(said):
    assert read(said) == "yes"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("", "no JSON object"),
        ("yes or no", "no JSON object"),
        ("The answer is yes.", "no JSON object"),
        ('{"label": "yes"', "no JSON object"),
        ('{"label": "yes"} {"label": "no"}', "several"),
        ('{"label": "yes", "label": "no"}', "2 times"),
        ('{"answer": "yes"}', 'lacks "label"'),
        ('{"label": "perhaps"}', "no label 'perhaps'"),
        ('{"label": null}', "no label None"),
        ('{"label": "yes", "justification": 3}', "justification"),
        ('{"label":' * 100_000, "nested"),
        ('{"label": ' + "9" * 10_000 + "}", "number"),
    ],
)
def test_what_is_no_answer_is_refused_with_the_reason(said, reason):
    with pytest.raises(InvalidValueError, match=reason):
        read(said)


def test_labels_that_differ_in_case_alone_are_told_apart_by_it():
    both = task(labels=("US", "us"), check=lambda value, _: value)
    assert read('{"label": "us"}', both) == "us"
    assert read("US", both) == "US"
    with pytest.raises(InvalidValueError, match="no JSON object"):
        read("Us", both)


def test_a_bare_label_answers_only_where_there_is_one():
    with pytest.raises(InvalidValueError, match="no JSON object"):
        read("yes", task("multilabel"))


def test_several_labels_and_the_reason():
    answer = read_answer(
        task("multilabel", justify=True),
        '{"justification": " it says so ", "labels": ["not sure", "yes", "yes"]}',
        TEXT,
    )
    assert answer == Answer(value=["Not sure", "yes"], justification="it says so")


def test_quotes_become_spans_and_a_repeated_one_takes_the_next_place():
    said = {
        "spans": [
            {"label": "person", "quote": "Bob"},
            {"label": "person", "quote": "Bob"},
            {"label": "Place", "quote": "new york"},
        ]
    }
    assert read(said, spans_task()) == [
        Span(8, 11, "person"),
        Span(25, 28, "person"),
        Span(15, 23, "place"),
    ]


def test_two_labels_may_stand_on_the_one_place_of_a_quote():
    said = {"spans": [{"label": each, "quote": "New York"} for each in ("person", "place")]}
    assert read(said, spans_task()) == [Span(15, 23, "person"), Span(15, 23, "place")]


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ({"label": "person", "quote": "Charlie"}, "not in the text"),
        ({"label": "person", "quote": "  "}, "not in the text"),
        ({"label": "person", "start": 0, "end": 3}, '"quote"'),
        ("Bob", '"quote"'),
    ],
)
def test_a_span_that_is_nowhere_is_refused(span, reason):
    with pytest.raises(InvalidValueError, match=reason):
        read({"spans": [span]}, spans_task())


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("New York", "New York"),
        ("  new\nyork ", "New York"),
        ("cafe\u0301", "café"),
        ('"a small place" - then', "“a  small place” — then"),
        ("a\u00adda met", "Ada met"),
        ("Bob payd for the café", "Bob paid for the café"),
        ("Bob paid the café", None),
        ("cafe", None),
        ("", None),
        ("\u200b", None),
    ],
)
def test_small_differences_do_not_hide_a_quote(quote, found):
    place = locate_quote(TEXT, quote)
    assert found == (place and TEXT[place[0] : place[1]])


def test_whole_words_come_before_parts_of_words():
    assert locate_quote("party and art", "art") == (10, 13)
    assert locate_quote("party", "art") == (1, 4)


def test_what_is_almost_in_two_places_is_in_neither():
    text = "the first long sentence here; the first lung sentence here"
    assert locate_quote(text, "the first lng sentence here") is None
    assert locate_quote(text, "the first lung sentence here") == (30, 58)


@given(st.text(max_size=80), st.integers(0, 80), st.integers(1, 80))
def test_what_is_copied_from_a_text_is_found_where_it_stands(text, start, length):
    quote = text[start : start + length]
    assume(quote == quote.strip() != "")
    place = locate_quote(text, quote)
    assert place is not None
    assert text[place[0] : place[1]] == quote


@given(
    st.text("abcd efgh", min_size=30, max_size=60).map(lambda text: " ".join(text.split())),
    st.integers(0, 29),
    st.sampled_from(["missing", "more", "other"]),
)
def test_one_character_that_differs_is_borne(middle, at, how):
    assume(len(middle) >= 30)
    after = at if how == "more" else at + 1
    quote = middle[:at] + ("" if how == "missing" else "X") + middle[after:]
    # White space counts once: a word of one letter that is missing takes a space along.
    assume("  " not in quote)
    text = f"Zz. {middle} Zz."
    place = locate_quote(text, quote)
    # Where the character is at an end, it may be left out of what is found.
    assert place is None or abs(place[0] - 4) + abs(place[1] - 4 - len(middle)) <= 2


@given(st.text(max_size=60), st.text(max_size=30), st.lists(st.tuples(st.integers(0, 60))))
def test_a_place_lies_in_the_text_and_overlaps_nothing_taken(text, quote, starts):
    taken = [(start, start + 3) for (start,) in starts]
    place = locate_quote(text, quote, taken)
    if place is not None:
        assert 0 <= place[0] < place[1] <= len(text)
        assert all(place[1] <= start or end <= place[0] for start, end in taken)


def answers(*values):
    return [Answer(value=each, justification=str(i)) for i, each in enumerate(values)]


def test_most_answers_win_and_the_earliest_of_those_that_tie():
    value, confidence, agreeing = vote(answers("no", "yes", "yes"))
    assert (value, confidence) == ("yes", pytest.approx(2 / 3))
    assert [each.justification for each in agreeing] == ["1", "2"]
    assert vote(answers("no", "yes")).value == "no"
    assert vote(answers(["a", "b"], ["a"], ["a", "b"])).value == ["a", "b"]
    assert vote(answers([], ["a"])).value == []


def test_samples_that_could_not_be_read_agree_with_none():
    assert vote(answers("yes", "yes"), of=4).confidence == 0.5


def test_spans_are_voted_on_one_by_one():
    one, two = Span(0, 3, "person"), Span(8, 11, "person")
    result = vote(answers([one, two], [one], [one]))
    assert result.value == [one]
    assert result.confidence == pytest.approx((1 + 2 / 3) / 2)
    assert result.justification == "1"
    assert vote(answers([one], [], [])).value == []
    assert vote(answers([one], [])).value == [one]


places = st.tuples(st.integers(0, 5), st.integers(1, 3)).map(lambda p: Span(p[0], sum(p), "x"))


def apart(spans):
    kept = []
    for span in sorted(spans):
        if not kept or kept[-1].end <= span.start:
            kept.append(span)
    return kept


@given(st.lists(st.lists(places, max_size=4).map(apart), min_size=1, max_size=5))
def test_spans_that_are_voted_for_do_not_overlap_where_no_samples_do(samples):
    result = vote(answers(*samples))
    assert result.value == apart(result.value)
    assert 0 <= result.confidence <= 1
    assert vote(answers(*[samples[0]] * 3)).value == samples[0]


@given(st.sampled_from(["multiclass", "multilabel"]), st.booleans(), st.data())
def test_what_fits_the_schema_is_read(scheme_type, justify, data):
    one = st.sampled_from(["yes", "no", "Not sure"])
    value = data.draw(one if scheme_type == "multiclass" else st.lists(one, max_size=3))
    of = task(scheme_type, justify=justify)
    said = dict.fromkeys(answer_schema(of)["properties"], "why")
    said["label" if scheme_type == "multiclass" else "labels"] = value
    assert read(json.dumps(said), of) == check(value, TEXT)
