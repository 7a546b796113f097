"""Templates fill in texts; whatever else they try is refused, and soon."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod.api import InvalidInputError
from kodkod.project.prompt_template import LONGEST_TEMPLATE, PromptTemplate

TEXT = 'he "said" it\'s <caf\u00e9>\n' * 40
VALUES = {
    "text": TEXT,
    "id": "t1",
    "scheme": "animal",
    "codebook": "**Cats** purr.",
    "labels": [{"name": f"label {i}", "description": ""} for i in range(100)],
    "examples": [
        {"text": "e" * 1000, "value": "a", "answer": "{}", "id": str(i)} for i in range(9)
    ],
    "columns": [("year", 2020), ("empty", "")],
    "context": {"year": 2020, "empty": ""},
}
COLUMNS = ("year", "empty")


def filled(source: str, **values: object) -> str:
    return PromptTemplate(source, "user", COLUMNS).fill(VALUES | values, "t1")


@pytest.mark.parametrize(
    ("source", "comes_to"),
    [
        ("{{ text|truncate(5, true, '') }}", 'he "s'),
        ("{{ text|truncate(8, true) }}", 'he "s...'),
        ("{{ scheme|upper }} {{ scheme|capitalize }} {{ id }}", "ANIMAL Animal t1"),
        ("{{ labels|first }}", "{'name': 'label 0', 'description': ''}"),
        ("{{ labels|length }}", "100"),
        ("{{ labels[1].name }}", "label 1"),
        ("{% for x in labels if x.name == 'label 7' %}{{ x.name }}{% endfor %}", "label 7"),
        ("{% for x in labels %}{% if loop.last %}{{ loop.index }}{% endif %}{% endfor %}", "100"),
        (
            "{% for name, value in columns %}{{ name }}={{ value }};{% endfor %}",
            "year=2020;empty=;",
        ),
        ("{{ context.year }} {{ context['year'] }}", "2020 2020"),
        ("{{ context.empty|default('unknown', true) }}", "unknown"),
        ("{{ '3.14159'|round(2) }} {{ '2019.0'|int }}", "3.14 2019"),
        ("{% if context.year > 2000 and 'Cats' in codebook %}new{% else %}old{% endif %}", "new"),
        ("{{ 'b' if text is undefined else 'a' }}", "a"),
        ("{# a note #}{% raw %}{{ text }}{% endraw %}", "{{ text }}"),
        ("  {{ id }}\n\n", "t1"),
    ],
)
def test_a_template_fills_in_what_there_is(source: str, comes_to: str) -> None:
    assert filled(source) == comes_to


def test_json_leaves_letters_as_they_are() -> None:
    assert filled("{{ text|tojson }}", text="l'\u00e9t\u00e9 <b>") == '"l\'\u00e9t\u00e9 <b>"'


def test_labels_are_joined_by_their_names() -> None:
    labels = [{"name": "cat", "description": ""}, {"name": "dog", "description": ""}]
    assert filled("{{ labels|join(', ', 'name') }}", labels=labels) == "cat, dog"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("one\n{{ text", "Line 2 .* unexpected end of template"),
        ("one\ntwo\n{{ txt }}", "Line 3 .* no name 'txt'; there are codebook, columns"),
        ("{% for label in labels %}{{ label.nam }}{% endfor %}", "no 'nam' in label; it has desc"),
        ("{% for e in examples %}{{ e.label }}{% endfor %}", "no 'label' in e; it has answer"),
        ("{{ context.yaer }}", "no 'yaer' in context; it has empty, year"),
        ("{{ context['yaer'] }}", "no 'yaer' in context"),
        ("{{ text|upcase }}", "no filter 'upcase'; there are capitalize"),
        ("{{ text is lovely }}", "no test 'lovely'"),
        ("{{ loop.index }}", "no name 'loop'"),
        ("{% for x in labels if loop.first %}{% endfor %}", "no name 'loop'"),
        ("{% for text in labels %}{% endfor %}", "'text' means something else already"),
        ("{% for x in text %}{% endfor %}", "A loop goes over one of columns, examples, labels"),
        ("{% for x in labels|first %}{% endfor %}", "A loop goes over one of"),
        ("{% for x in labels recursive %}{{ loop(x) }}{% endfor %}", "A loop goes over one of"),
        ("{% for loop in labels %}{% endfor %}", "special loop variable"),
        (
            "{% for a in labels %}{% for b in labels %}{% for c in labels %}",
            "end of template|2 deep",
        ),
    ],
)
def test_what_is_amiss_is_told_before_a_text_is_there(source: str, why: str) -> None:
    with pytest.raises(InvalidInputError, match=f"(?s){why}") as caught:
        PromptTemplate(source, "user", COLUMNS)
    assert caught.value.field == "user"


ESCAPES = [
    "{{ text.__class__ }}",
    "{{ text['__class__'] }}",
    "{{ labels.append }}",
    "{{ (text).format }}",
    "{{ ''.join }}",
    "{{ ''['__class__'].mro }}",
    "{{ text|attr('__class__') }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum() }}",
    "{{ range(10) }}",
    "{{ namespace() }}",
    "{{ joiner() }}",
    "{{ text.upper() }}",
    "{{ text.format(text) }}",
    "{{ labels|map(attribute='__class__') }}",
    "{{ labels|join(', ', '__class__') }}",
    "{{ labels|join(*labels) }}",
    "{{ labels|join(**context) }}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% extends 'x' %}",
    "{% block b %}{% endblock %}",
    "{% macro m() %}{% endmacro %}",
    "{% call m() %}{% endcall %}",
    "{% set x = 1 %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with x = 1 %}{% endwith %}",
    "{% autoescape true %}{% endautoescape %}",
    "{% do 1 %}",
    "{{ {'a': 1} }}",
    "{{ 'x' * 10 }}",
    "{{ 2 ** 9 }}",
    "{{ text ~ text }}",
    "{{ text + text }}",
    "{{ '%s' % text }}",
    "{{ -1 }}",
    "{{ text[1:] }}",
    "{{ (1).real }}",
    "{% for x in labels %}{{ loop.__class__ }}{% endfor %}",
    "{% for x in labels %}{{ loop.previtem }}{% endfor %}",
    "{% for x in labels %}{{ loop.cycle('a', 'b') }}{% endfor %}",
]


@pytest.mark.parametrize("source", ESCAPES)
def test_nothing_is_reached_that_was_not_given(source: str) -> None:
    with pytest.raises(InvalidInputError):
        filled(source)


HEAVY = {
    "quotation marks doubled": "{{ text" + "|tojson" * 45 + " }}",
    "joins in joins": "{{ labels|join(" * 8 + "text" + ", 'name')" * 8 + " }}",
    "an indent": "{{ labels|tojson(indent=999999999) }}",
    "a power of ten": '{{ 1|round(99999999, "ceil") }}',
    "many digits": "{{ 1|round(99999999) }}",
    "a width": "{{ '%99999999999d' is even }}",
    "a remainder": "{{ '%99999999999d' is divisibleby 2 }}",
    "no remainder": "{{ 1 is divisibleby(0) }}",
    "a padding": "{{ text|center(999999999) }}",
    "an indentation": "{{ text|indent(999999999) }}",
    "a repetition": "{{ 'x' * 999999999 }}",
    "a large number": "{{ " + "9" * 5000 + " }}",
    "a number without end": "{{ 1e999|round }}",
    "a text of digits": "{{ '" + "9" * 3000 + "'|int }}",
    "turns of turns": "{% for a in labels %}{% for b in labels %}"
    + "{% if a.name == b.name %}{% endif %}" * 1300
    + "{% endfor %}{% endfor %}",
    "filters in turns": "{% for a in labels %}{% for b in labels %}{% if codebook"
    + "|upper|lower" * 20
    + " %}{% endif %}{% endfor %}{% endfor %}",
    "output": "{{ text }}" * 4000,
    "output in turns": "{% for a in labels %}{% for b in labels %}{{ text }}" + "{% endfor %}" * 2,
    "parentheses": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "negations": "{{ " + "not " * 5000 + "1 }}",
    "conjunctions": "{{ 1" + " and 1" * 5000 + " }}",
    "items of items": "{{ text" + ".a" * 20000 + " }}",
    "lists in lists": "{{ " + "[" * 5000 + "]" * 5000 + " }}",
    "conditions": "{% if 1 %}" * 2000 + "{% endif %}" * 2000,
    "alternatives": "{% if 0 %}" + "{% elif 0 %}" * 4000 + "{% endif %}",
    "half a character": '{{ "\\ud83d" }}',
    "a NUL": '{{ "\\0" }}',
}


@pytest.mark.parametrize("source", HEAVY.values(), ids=HEAVY)
def test_what_would_take_all_memory_or_time_is_refused(source: str) -> None:
    with pytest.raises(InvalidInputError):
        filled(source, text=TEXT * 20, codebook="c" * 200_000)


_IN_LITTLE = """
import resource
resource.setrlimit(resource.RLIMIT_AS, ({0}, {0}))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from test_prompt_template import HEAVY, TEXT, filled
from kodkod.api import InvalidInputError
refused = 0
for source in HEAVY.values():
    try:
        filled(source, text=TEXT * 20, codebook="c" * 200_000)
    except InvalidInputError:
        refused += 1
print(refused)
"""


def test_it_is_refused_before_much_of_either_is_gone() -> None:
    # Given a process that may have little memory and a minute of the processor
    script = _IN_LITTLE.format(2 << 30)

    # When all of them are tried there
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=__file__.rpartition("/")[0],
        capture_output=True,
        text=True,
    )

    # Then it lives, and has refused each
    assert done.stdout == f"{len(HEAVY)}\n", done.stderr


def test_a_template_is_as_long_as_is_allowed() -> None:
    PromptTemplate("x" * LONGEST_TEMPLATE, "system", ())
    with pytest.raises(InvalidInputError, match="50,001 characters; 50,000 are allowed"):
        PromptTemplate("x" * (LONGEST_TEMPLATE + 1), "system", ())


@pytest.mark.parametrize("source", ["\0{{ text }}", "\ud83d"])
def test_what_is_no_text_is_no_template(source: str) -> None:
    with pytest.raises(InvalidInputError, match="characters that are no text"):
        PromptTemplate(source, "user", ())


def test_a_prompt_of_ordinary_size_is_far_from_the_limits() -> None:
    # Given 300 labels shown with each of 100 long examples
    labels = [{"name": f"label {i}", "description": "d" * 50} for i in range(300)]
    examples = [
        {"text": "e" * 2000, "value": "a", "answer": "{}", "id": str(i)} for i in range(100)
    ]
    source = """
        {% for example in examples %}
        {{ example.text|truncate(1000) }} -> {{ example.answer }}
        {% for label in labels %}{{ label.name }}{% if not loop.last %}, {% endif %}{% endfor %}
        {% endfor %}
        {{ text }}
    """
    assert len(filled(source, labels=labels, examples=examples, text="t" * 100_000)) > 400_000


PIECES = st.sampled_from(
    [
        *(
            "{{ ",
            " }}",
            "{% ",
            " %}",
            "{#",
            "#}",
            "for ",
            "x",
            " in ",
            "labels",
            "examples",
            "endfor",
        ),
        *("if ", "else", "elif ", "endif", "text", "context", ".", "year", "|", "join", "tojson"),
        *("round", "(", ")", "[", "]", "'", '"', "a", "1", "9999999999999", ",", " is ", "not "),
        *(
            " and ",
            "==",
            "<",
            "*",
            "**",
            "~",
            "-",
            "\\",
            "loop",
            "index",
            "raw",
            "set ",
            "\n",
            "\u00e9",
        ),
        *("truncate", "default", "first", "none", "true", "block ", "macro ", "\0", "{", "}", "%"),
    ]
)


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60))
def test_whatever_is_written_is_filled_in_or_refused(source: str) -> None:
    with suppress(InvalidInputError):
        filled(source).encode()
