import os
from pathlib import Path

import polars as pl
import pytest

from kodkod.api import ImportProblemError

SHARED = Path(__file__).parents[4] / "shared" / "data"


def test_the_columns_are_the_union_of_the_keys(read):
    frame = read("jsonl", b'\xef\xbb\xbf{"id": 1, "a": "x"}\r\n\n  \n{"b": true, "id": 2}')

    assert frame.to_dict(as_series=False) == {"id": [1, 2], "a": ["x", None], "b": [None, True]}


def test_huge_integers_keep_their_digits(read):
    big = 2**70 + 1
    frame = read("jsonl", f'{{"id": 12}}\n{{"id": {big}}}\n'.encode())
    assert frame["id"].to_list() == ["12", str(big)]


def test_ids_of_mixed_types_keep_their_digits(read):
    frame = read("jsonl", b'{"id": "007"}\n{"id": 7}\n{"id": 9007199254740993}\n')
    assert frame["id"].to_list() == ["007", "7", "9007199254740993"]


def test_an_integer_that_no_float_holds_is_not_rounded(read):
    frame = read("jsonl", b'{"n": 9007199254740993}\n{"n": 0.5}\n')
    assert frame["n"].to_list() == ["9007199254740993", "0.5"]


def test_types_are_kept(read):
    frame = read(
        "jsonl", b'{"i": 1, "f": 1, "b": true, "n": null}\n{"i": -2, "f": 0.5, "b": null}\n'
    )
    assert frame.schema == {"i": pl.Int64, "f": pl.Float64, "b": pl.Boolean, "n": pl.String}


def test_lists_stay_lists_and_other_nested_values_become_json(read):
    frame = read("jsonl", '{"l": ["é", "b"], "s": [{"start": 1, "end": 2}]}\n{"l": []}\n'.encode())
    assert frame["l"].to_list() == [["é", "b"], []]
    assert frame["s"].to_list() == ['[{"start": 1, "end": 2}]', None]


def test_a_line_separator_inside_a_string_ends_no_line(read):
    frame = read("jsonl", '{"t": "a\u2028b\x85c"}\n'.encode())
    assert frame["t"].to_list() == ["a\u2028b\x85c"]


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", None, "empty"),
        (b"\n \n", None, "empty"),
        (b'{"a": 1}\n\n{"a": }\n', 3, "Line 3 is not valid JSON"),
        (b'{"a": 1}\n{"a": NaN}\n', 2, "as null"),
        (b'{"a": 1}\n{"a": 1e999}\n', 2, "Line 2"),
        (b'{"a": 1}\n{"a": "\\ud800"}\n', 2, "Line 2"),
        (b'{"a": 1}\n[1, 2]\n', 2, "holds a list"),
        (b'{"a": 1}\n"text"\n', 2, "not an object"),
        (b'[{"a": 1}, {"a": 2}]', 1, "one JSON array"),
        (b'[\n{"a": 1},\n{"a": 2}]', 1, "one JSON array"),
        (b'{"a": ' + b"[" * 100_000 + b"\n", 1, "nested too deeply"),
        (b'{"a": "\xff"}\n', 1, "0xff is not valid UTF-8"),
        (b'{"": 1}\n', None, "no name"),
        (b"{}\n{}\n", None, "no keys"),
    ],
)
def test_a_problem_names_the_line(read, data, line, message):
    with pytest.raises(ImportProblemError, match=message) as caught:
        read("jsonl", data)
    assert caught.value.line == line


def test_keys_that_explode_are_refused_before_the_table_is_made(read):
    data = b"".join(b'{"key%d": 1}\n' % i for i in range(200))
    with pytest.raises(ImportProblemError, match="200 different keys"):
        read("jsonl", data, max_cells=10_000)


def test_a_real_corpus(read):
    path = SHARED / "wnut17.jsonl"
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path} is absent")
        pytest.skip(f"{path} is absent")

    frame = read("jsonl", path)

    assert frame.shape == (3394, 3)
    assert frame["spans"][1] == '[{"start": 22, "end": 26, "label": "group"}]'
