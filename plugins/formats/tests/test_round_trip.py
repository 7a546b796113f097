"""What is exported and imported again is the same."""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

# NUL is no text for CSV, and two non-characters are none for XML.
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"), max_size=20
)
NASTY = st.sampled_from(
    [
        *('"', '""', "a,b", "a;b\tc|d", "x\r\ny", "x\ry", "\n", " ", " x ", "NA", "007", "1.0"),
        *("é😀", "👩\u200d👩\u200d👧", "שלום, עולם", "\u202eabc", "\ufeffx", "\u2028", "\x01"),
        *("\\", "=1+1", "'", "_x000D_", "<b>&amp;"),
    ]
)


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    """One to three text columns; no text is empty and no row is, which some formats cannot say."""
    width = draw(st.integers(1, 3))
    value = (NASTY | TEXT).filter(bool)
    rest = st.none() | value
    rows = draw(st.lists(st.tuples(value, *[rest] * (width - 1)), min_size=1, max_size=6))
    names = draw(st.lists(value.filter(str.strip), min_size=width, max_size=width, unique=True))
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


@pytest.mark.parametrize("name", ["csv", "xlsx", "parquet", "jsonl"])
@settings(max_examples=120)
@given(frame=tables())
@example(frame=pl.DataFrame({"text": ["a\r\nb", "\r", "x"]}))
@example(frame=pl.DataFrame({"\ufefftext": ["\ufeffa", "b"]}))
def test_a_table_of_text_comes_back_the_same(read, write, name, frame):
    params = {"separator": "comma"} if name == "csv" else {}
    back = read(name, write(name, [frame]), **params)
    assert back.to_dict(as_series=False) == frame.to_dict(as_series=False)


def test_a_missing_value_alone_on_its_line_is_not_lost(read, write):
    frame = pl.DataFrame({"text": ["a", None, "b", None]})
    assert read("csv", write("csv", [frame])).equals(frame)
