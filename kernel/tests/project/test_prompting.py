"""What is said to a model: of the scheme, of the text, and by examples."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kodkod.api import InvalidInputError, LabelTask, Message, NoParams, Span, Value, read_answer
from kodkod.project.prompting import Example, Prompter, default_templates
from kodkod.store.labels import Label
from kodkod.store.projects import Scheme
from kodkod_schemes.multiclass import Multiclass
from kodkod_schemes.multilabel import Multilabel
from kodkod_schemes.params import MultilabelParams, SpanParams
from kodkod_schemes.span import Spans

TYPES = {
    "multiclass": Multiclass(NoParams()),
    "multilabel": Multilabel(MultilabelParams()),
    "span": Spans(SpanParams()),
}
SCHEME = Scheme(
    id=1,
    project_id=1,
    name="animal",
    type="multiclass",
    params={},
    codebook="Judge what is *said*.",
    overlap=1,
    guide=None,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    labels=[
        Label(id=1, name="cat", description="purrs"),
        Label(id=2, name='the "dog"'),
    ],
)
EXAMPLE = Example(text="it purrs", value="cat", id="t9")


def said(system: str, user: str, *, columns=("year",), examples=(), scheme=SCHEME, **context):
    prompter = Prompter(system, user, scheme, columns)
    return prompter.messages("a cat", "t1", context, examples)


def test_templates_see_text_scheme_codebook_labels_and_columns() -> None:
    system = "{{ scheme }}|{{ codebook }}|{{ labels|tojson }}"
    user = "{{ id }}|{{ text }}|{{ context.year }}|{{ columns|tojson }}"
    assert said(system, user, year=2020, secret_column="x") == (
        Message(
            "system",
            'animal|Judge what is *said*.|[{"name":"cat","description":"purrs"},'
            '{"name":"the \\"dog\\"","description":""}]',
        ),
        Message("user", 't1|a cat|2020|[["year",2020]]'),
    )


def test_a_column_without_a_value_is_empty() -> None:
    (message,) = said("", "[{{ context.year }}]{{ text }}", year=None)
    assert message == Message("user", "[]a cat")


def test_examples_are_shown_with_what_was_said_of_them() -> None:
    user = "{% for e in examples %}{{ e.id }} {{ e.text }} {{ e.value }} {{ e.answer }}{% endfor %}"
    (message,) = said("", user, examples=[EXAMPLE])
    assert message.content == 't9 it purrs cat {"label":"cat"}'


def test_a_label_that_has_another_name_now_is_shown_by_it() -> None:
    scheme = replace(SCHEME, labels=[Label(id=1, name="feline")])
    (message,) = said("", "{{ labels|join(', ', 'name') }}", scheme=scheme)
    assert message.content == "feline"


def test_a_text_is_never_read_as_a_template() -> None:
    prompter = Prompter("", "{{ text }}", SCHEME, ())
    (message,) = prompter.messages("{{ 7 }}{% if %}", "t1", {}, ())
    assert message.content == "{{ 7 }}{% if %}"


def test_a_system_turn_that_comes_to_nothing_is_left_out() -> None:
    messages = said("{% if examples %}Look at the examples.{% endif %}", "{{ text }}")
    assert [each.role for each in messages] == ["user"]


@pytest.mark.parametrize("user", ["", " \n", "{# only a note #}", "{% if examples %}x{% endif %}"])
def test_a_user_turn_that_comes_to_nothing_is_refused(user: str) -> None:
    with pytest.raises(InvalidInputError, match=r"write at least \{\{ text \}\} in it") as caught:
        said("Code it.", user)
    assert caught.value.field == "user"


def test_what_is_wrong_is_told_with_the_template_it_is_in() -> None:
    with pytest.raises(InvalidInputError, match="Line 2 of the system template") as caught:
        Prompter("ok\n{{ nothing }}", "{{ text }}", SCHEME, ())
    assert caught.value.field == "system"


@pytest.mark.parametrize("type_", TYPES)
def test_every_scheme_can_begin_with_a_prompt_of_its_own(type_: str) -> None:
    values = {"multiclass": "cat", "multilabel": ["cat"], "span": [Span(0, 2, "cat")]}
    scheme = replace(SCHEME, type=type_)
    system, user = default_templates(type_)

    first, second = said(
        system, user, scheme=scheme, examples=[replace(EXAMPLE, value=values[type_])]
    )

    assert "Judge what is *said*." in first.content
    assert '- cat: purrs\n- the "dog"' in first.content
    assert second.content.startswith("Text: it purrs\nAnswer: {")
    assert second.content.endswith("\n\nText: a cat\nAnswer:")
    (without,) = [each for each in said(system, user, scheme=scheme) if each.role == "user"]
    assert without.content == "Text: a cat\nAnswer:"


def task_of(type_: str) -> LabelTask:
    names = tuple(label.name for label in SCHEME.labels)

    def check(value: object, text: str) -> Value:
        return TYPES[type_].validate(value, names, text)

    return LabelTask(scheme_type=type_, labels=names, descriptions=("", ""), check=check)


names = st.sampled_from([label.name for label in SCHEME.labels])


@given(names)
def test_a_label_that_is_shown_reads_as_the_answer_it_is(label: str) -> None:
    (message,) = said("", "{{ (examples|first).answer }}", examples=[replace(EXAMPLE, value=label)])
    assert read_answer(task_of("multiclass"), message.content, EXAMPLE.text).value == label


@given(st.lists(names, unique=True).map(sorted))
def test_labels_that_are_shown_read_as_the_answer_they_are(labels: list[str]) -> None:
    scheme = replace(SCHEME, type="multilabel")
    examples = [replace(EXAMPLE, value=labels)]
    (message,) = said("", "{{ (examples|first).answer }}", scheme=scheme, examples=examples)
    read = read_answer(task_of("multilabel"), message.content, EXAMPLE.text).value
    assert sorted(map(str, read)) == labels


def test_spans_that_are_shown_read_as_the_answer_they_are() -> None:
    text = 'a cat and "the dog" and no cat'
    spans = [Span(2, 5, "cat"), Span(10, 19, 'the "dog"')]
    scheme = replace(SCHEME, type="span")
    examples = [Example(text=text, value=spans, id="t9")]
    (message,) = said("", "{{ (examples|first).answer }}", scheme=scheme, examples=examples)
    assert read_answer(task_of("span"), message.content, text).value == spans


def test_no_spans_are_an_answer_too() -> None:
    scheme = replace(SCHEME, type="span")
    examples = [replace(EXAMPLE, value=[])]
    user = "{{ (examples|first).answer }} {{ (examples|first).value }}"
    (message,) = said("", user, scheme=scheme, examples=examples)
    assert message.content == '{"spans":[]} none'
