import io

import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from kodkod.api import ImportProblemError

FRAME = pl.DataFrame(
    {
        "id": ["007", "8"],
        "n": [1, None],
        "labels": [["a", "b"], []],
        "span": [{"start": 1, "label": "x"}, None],
    }
)


def as_parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def test_types_and_nesting_are_kept(read):
    assert read("parquet", as_parquet(FRAME)).equals(FRAME)


def test_a_name_with_wildcards_is_a_name(read, tmp_path):
    path = tmp_path / "split=[ab]*.parquet"
    FRAME.write_parquet(path)
    assert read("parquet", path).equals(FRAME)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"id,text\n1,2\n", "not a Parquet file"),
        (b"PAR1", "truncated"),
        (as_parquet(FRAME)[:-1], "truncated"),
        (as_parquet(FRAME)[:200], "truncated"),
        (b"PAR1" + b"\0" * 50 + b"PAR1", "damaged"),
        (b"PAR1" + as_parquet(FRAME)[-200:], "damaged"),
        (as_parquet(FRAME.head(0)), "no rows"),
        (as_parquet(pl.DataFrame({"a": ["x"], " ": ["y"]})), "Column 2 has no name"),
    ],
)
def test_a_file_that_is_no_table_says_what_is_wrong(read, data, message):
    with pytest.raises(ImportProblemError, match=message):
        read("parquet", data)


def test_a_file_that_unpacks_to_too_much_is_refused_by_its_directory(read):
    noise = pl.DataFrame({"t": [str(i) * 20 for i in range(100_000)]})
    with pytest.raises(ImportProblemError, match=r"unpacks to .* max_unpacked_mb"):
        read("parquet", as_parquet(noise), max_unpacked_mb=1)


def test_a_file_of_too_many_rows_is_refused_by_its_directory(read):
    # One value a million times over takes a few bytes in Parquet.
    with pytest.raises(ImportProblemError, match="1000000 rows"):
        read("parquet", as_parquet(pl.DataFrame({"t": ["x"] * 1_000_000})), max_cells=999_999)


def test_copies_of_one_long_text_are_counted_before_they_are_made(read):
    """A file of some kB whose directory is honest about its pages and silent about copies."""
    texts = ["x" * 100_000] * 500
    for column in (texts, [[{"u": text}, None] for text in texts]):
        buffer = io.BytesIO()
        parquet.write_table(pa.table({"t": column}), buffer, compression="zstd")
        assert buffer.tell() < 10_000
        with pytest.raises(ImportProblemError, match="unpacks to 50 MB"):
            read("parquet", buffer.getvalue(), max_unpacked_mb=10)


def test_nested_text_comes_back_plain(read):
    frame = pl.DataFrame(
        {
            "deep": [[{"a": ["x", None], "b": b"\xff"}], None],
            "fixed": pl.Series([["p", "q"], None], dtype=pl.Array(pl.String, 2)),
            "kind": pl.Series(["k", None], dtype=pl.Categorical),
        }
    )
    assert read("parquet", as_parquet(frame)).equals(frame.with_columns(pl.col("kind").cast(str)))
