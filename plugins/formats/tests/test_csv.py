import csv
import io
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod.api import ImportProblemError

SHARED = Path(__file__).parents[4] / "shared" / "data"


def test_values_are_kept_exactly_as_given(read):
    frame = read("csv", b'id,text,n\n007, NA ,1.0\n1e5,"",-0\n')

    assert frame.to_dict(as_series=False) == {
        "id": ["007", "1e5"],
        "text": [" NA ", None],
        "n": ["1.0", "-0"],
    }


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        (b"a,b\n1,x; y\n", {"a": ["1"], "b": ["x; y"]}),
        (b"a;b\n1;x, y\n2;p, q\n", {"a": ["1", "2"], "b": ["x, y", "p, q"]}),
        (b"a\tb\n1\tx, y\n", {"a": ["1"], "b": ["x, y"]}),
        (b"a|b\n1|x, y\n", {"a": ["1"], "b": ["x, y"]}),
        (b'a;"b, c"\n1;2\n', {"a": ["1"], "b, c": ["2"]}),
    ],
)
def test_the_separator_is_found_out(read, data, columns):
    assert read("csv", data).to_dict(as_series=False) == columns


def test_the_separator_can_be_set(read):
    assert read("csv", b"a;b,c\n1;2,3\n", separator="semicolon").columns == ["a", "b,c"]
    assert read("tsv", b"a\tb;c\n1\t2;3\n").columns == ["a", "b;c"]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_a_quoted_field_keeps_its_line_breaks(read, ending):
    data = b'id,text\n1,"one\r\ntwo\n\nthree\rfour ""five"""\n2,x\n'.replace(
        b"text\n", b"text" + ending
    )

    frame = read("csv", data)

    assert frame["text"].to_list() == ['one\r\ntwo\n\nthree\rfour "five"', "x"]


def test_a_file_of_one_column(read):
    frame = read("csv", b'text\n"Hello, you"\n\n""\n two \nlast')

    assert frame["text"].to_list() == ["Hello, you", None, " two ", "last"]


def test_a_file_of_one_column_with_bare_separators_is_not_guessed_at(read):
    with pytest.raises(ImportProblemError, match="double quotes") as caught:
        read("csv", b"text\nall right\nHello, you\n")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("data", "line", "found"),
    [
        (b"a,b\n1,2\n3\n", 3, "1 field"),
        (b"a,b\n1,2\n3,4,5\n", 3, "3 fields"),
        (b'a,b\n"x\n\r\ny",2\n\n3,4,5\n6\n', 6, "3 fields"),
        (b'"a\nb",c\n1,2\n3\n', 4, "1 field"),
        (b"\n\na,b\n1\n", 4, "1 field"),
        (b"a,b\r1,2\r3\r", 3, "1 field"),
        (b"\xef\xbb\xbfa,b\n1\n", 2, "1 field"),
        ("a,b\n1,é\n3\n".encode("utf-16"), 3, "1 field"),
    ],
)
def test_a_ragged_row_is_named_by_its_physical_line(read, data, line, found):
    with pytest.raises(ImportProblemError, match=found) as caught:
        read("csv", data)
    assert caught.value.line == line
    assert f"Line {line} " in str(caught.value)


def test_further_ragged_rows_are_counted(read):
    with pytest.raises(ImportProblemError, match=r"2 more lines like it: 4, 6\)"):
        read("csv", b"a,b\n1,2\n3\n4\n5,6\n7\n")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'a,b\n1,2\n3,"x"y\n', 3),
        (b'a,b\n1,"x\ny"\n3,"never closed\n4,5\n', 4),
        (b'text\none\n"never closed\nthree\n', 3),
        (b'text\none\n"a"b"c"\n', 3),
        (b'"a,b\n1,2\n', 1),
    ],
)
def test_a_broken_quote_is_named_by_the_line_where_its_record_begins(read, data, line):
    with pytest.raises(ImportProblemError, match="quot") as caught:
        read("csv", data)
    assert caught.value.line == line


def test_quotes_inside_a_field_without_quotes_are_harmless(read):
    assert read("csv", b'a,b\n5" disk,say "hi"\n').row(0) == ('5" disk', 'say "hi"')


def test_quoting_can_be_turned_off(read):
    frame = read("tsv", b'a\tb\n"Hello" she said\t"x\n', quoting="none")
    assert frame.row(0) == ('"Hello" she said', '"x')


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\n\r\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"a,b\n", "no rows"),
        (b"a,b", "no rows"),
        (b"a,b,a\n1,2,3\n", "'a'.*columns 1, 3"),
        (b"a,,b\n1,2,3\n", "Column 2 has no name"),
        (b"a, \n1,2\n", "Column 2 has no name"),
        (b"PK\x03\x04rest", "workbook"),
    ],
)
def test_a_file_without_a_table_says_what_is_wrong(read, data, message):
    with pytest.raises(ImportProblemError, match=message):
        read("csv", data)


def test_a_row_longer_than_a_block_of_the_reader(read):
    long = "x" * 9_000_000
    frame = read("csv", f'a,b\n1,2\n"{long}\n",3\n'.encode())
    assert frame["a"][1] == long + "\n"


FIELD = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12)


@settings(max_examples=150)
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(FIELD, min_size=width, max_size=width), min_size=1, max_size=8
        )
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_pythons_writer_writes_is_read_back(read, rows, separator, ending):
    names = [f"column {i}" for i in range(len(rows[0]))]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([names, *rows])

    separators = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
    frame = read("csv", out.getvalue().encode(), separator=separators[separator])

    assert frame.rows() == [tuple(value or None for value in row) for row in rows]


@settings(max_examples=300)
@given(st.text(st.sampled_from('ab," \n\r'), max_size=30))
def test_the_quick_reader_agrees_with_pythons(read, body):
    """Whatever the file: the same table, or a problem where Python's strict reader has one."""
    try:
        rows = [row for row in csv.reader(io.StringIO(body, newline=""), strict=True) if row]
        sound = all(len(row) == 2 for row in rows) and bool(rows)
    except csv.Error:
        sound = False
    if sound:
        frame = read("csv", ("p,q\n" + body).encode(), separator="comma")
        assert frame.rows() == [tuple(value or None for value in row) for row in rows]
    else:
        with pytest.raises(ImportProblemError):
            read("csv", ("p,q\n" + body).encode(), separator="comma")


def test_a_hundred_thousand_rows_take_no_time(read):
    rows = (f'{i},"text, {"word " * 37}",x\n' for i in range(100_000))
    data = ("id,text,label\n" + "".join(rows)).encode()
    read("csv", data)  # imports and caches

    began = time.process_time()
    frame = read("csv", data)

    # Measured: 0.13 s. The bound is loose, for machines under load; it would still catch a
    # return to a reader in Python or a scan that is quadratic.
    assert time.process_time() - began < 2
    assert frame.height == 100_000


def test_a_real_corpus(read):
    path = SHARED / "climate_stance.csv"
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path} is absent")
        pytest.skip(f"{path} is absent")

    frame = read("csv", path)

    assert frame.shape == (2050, 3)
    assert frame.columns == ["id", "sentence", "label_agg"]
    assert frame["id"].n_unique() == 2050
