"""Whatever the bytes, an importer gives a table or says what is wrong with the file."""

import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from kodkod.api import ImportProblemError

FRAME = pl.DataFrame(
    {"id": ["1", "2"], "text": ['a,\n"b"', "é😀"], "l": [["x"], []], "n": [1.5, None]}
)


def parquet() -> bytes:
    buffer = io.BytesIO()
    FRAME.write_parquet(buffer)
    return buffer.getvalue()


def xlsx() -> bytes:
    buffer = io.BytesIO()
    book = Workbook(buffer)
    sheet = book.add_worksheet()
    for i, row in enumerate([["id", "text"], ["1", "é"], ["2", "b"]]):
        sheet.write_row(i, 0, row)
    book.close()
    return buffer.getvalue()


SEEDS = {
    "csv": FRAME.drop("l").write_csv().encode(),
    "tsv": FRAME.drop("l").write_csv(separator="\t").encode(),
    "jsonl": FRAME.write_ndjson().encode(),
    "parquet": parquet(),
    "xlsx": xlsx(),
}
MAGIC = {"parquet": b"PAR1", "xlsx": b"PK\x03\x04"}


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """`data` with some bytes changed, dropped or put in."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(changed) - 1, 0)))
        stop = at + draw(st.integers(0, 3))
        changed[at:stop] = draw(st.binary(max_size=3))
    return (
        bytes(changed[: draw(st.integers(len(changed) // 2, len(changed)))])
        if draw(st.integers(0, 4)) == 0
        else bytes(changed)
    )


def table_or_problem(read, name: str, data: bytes, **params: str) -> None:
    try:
        frame = read(name, data, **params)
    except ImportProblemError:
        return
    else:
        assert frame.height > 0
        assert frame.width > 0


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=150)
@given(data=st.binary(max_size=200))
def test_arbitrary_bytes(read, name, data):
    table_or_problem(read, name, data)
    table_or_problem(read, name, MAGIC.get(name, b"") + data + MAGIC.get(name, b""))


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=150)
@given(data=st.data())
def test_a_damaged_file(read, name, data):
    table_or_problem(read, name, data.draw(damaged(SEEDS[name])))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "gb18030", "big5", "euc-kr", "cp1255"])
@settings(max_examples=40)
@given(data=st.binary(max_size=60))
def test_arbitrary_bytes_in_a_set_encoding(read, encoding, data):
    table_or_problem(read, "csv", data, encoding=encoding)
