import csv
import datetime as dt
import json
import weakref
from decimal import Decimal

import polars as pl
import pyarrow.parquet as pq
import pytest

from kodkod.api import InvalidInputError

ODD = pl.DataFrame(
    {
        "id": ["007", "8"],
        "labels": [["a", 'b"'], None],
        "span": [{"start": 1, "label": "é"}, {"start": 2, "label": None}],
        "raw": [b"\xff", None],
        "took": [dt.timedelta(days=1, seconds=5), None],
        "at": [dt.datetime(2024, 1, 2, 3, tzinfo=dt.UTC), None],
        "kind": pl.Series(["x", None], dtype=pl.Categorical),
        "price": [Decimal("1.50"), None],
        "score": [0.5, float("nan")],
        "vector": pl.Series([[1.0, float("inf")], None], dtype=pl.Array(pl.Float32, 2)),
        "count": [2**60 + 1, None],
    }
)
NAMES = ["csv", "xlsx", "parquet", "jsonl"]


@pytest.mark.parametrize("name", NAMES)
def test_every_type_can_be_written_in_every_format(read, write, name):
    frame = read(name, write(name, iter([ODD, ODD.head(0), ODD.head(1)])))

    assert frame.columns == ODD.columns
    assert frame["id"].to_list() == ["007", "8", "007"]
    assert [str(v) for v in frame["count"].to_list()] == [str(2**60 + 1), "None", str(2**60 + 1)]


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_nested_columns_become_json_text(read, write, name):
    frame = read(name, write(name, [ODD]))

    assert [v and json.loads(v) for v in frame["labels"]] == [["a", 'b"'], None]
    assert json.loads(frame["span"][0]) == {"start": 1, "label": "é"}
    assert json.loads(frame["vector"][0]) == [1.0, None]
    assert frame["raw"][0] == "/w=="
    assert frame["took"][0] == "P1DT5S"
    assert frame["at"][0].startswith("2024-01-02")


def test_jsonl_keeps_lists_and_writes_every_key(write):
    lines = [json.loads(line) for line in write("jsonl", [ODD]).read_text("utf-8").splitlines()]
    assert lines[0]["labels"] == ["a", 'b"']
    assert lines[0]["span"] == {"start": 1, "label": "é"}
    assert lines[0]["raw"] == "/w=="
    assert set(lines[1]) == set(ODD.columns)
    assert lines[1]["score"] is None


def test_parquet_keeps_types(read, write):
    frame = read("parquet", write("parquet", [ODD]))
    assert frame.equals(ODD.with_columns(pl.col("kind").cast(pl.String)))


def test_parquet_gathers_small_frames_into_row_groups(write):
    frames = (pl.DataFrame({"i": [i] * 1000}) for i in range(150))
    metadata = pq.read_metadata(write("parquet", frames))
    assert (metadata.num_rows, metadata.num_row_groups) == (150_000, 3)


@pytest.mark.parametrize("name", ["csv", "xlsx", "parquet"])
def test_no_rows_give_a_file_with_the_names_of_the_columns(write, name):
    path = write(
        name, [pl.DataFrame({"id": [], "text": []}, schema={"id": pl.String, "text": pl.String})]
    )
    if name == "csv":
        assert path.read_text("utf-8") == "id,text\n"
    if name == "parquet":
        assert pl.read_parquet(path).columns == ["id", "text"]
    assert path.stat().st_size > 0


def test_csv_is_lossless_unless_asked_otherwise(read, write):
    frame = pl.DataFrame({"t": ["=1+1", "-x", "@a", "+3", "a=b", "\tz", None], "n": [-1] * 7})

    assert read("csv", write("csv", [frame]))["t"].to_list() == frame["t"].to_list()
    safe = read("csv", write("csv", [frame], excel_safe=True))
    assert safe["t"].to_list() == ["'=1+1", "'-x", "'@a", "'+3", "a=b", "'\tz", None]
    assert safe["n"][0] == "-1"


def test_excel_safe_guards_names_of_columns_and_nested_values(write):
    frame = pl.DataFrame({"=cmd": ["x"]})
    assert write("csv", [frame], excel_safe=True).read_text("utf-8").startswith('"\'=cmd"')


def test_csv_with_a_mark_and_another_separator(read, write):
    path = write("csv", [pl.DataFrame({"a": ["é"], "b": ["x;y"]})], bom=True, separator="semicolon")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfa;b\n")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=";")) == [["a", "b"], ["é", "x;y"]]
    assert read("csv", path).rows() == [("é", "x;y")]


def test_xlsx_text_is_never_a_formula_a_link_or_a_number(read, write):
    texts = ["=1+1", "http://example.org", "007", "{=SUM(A1)}", "internal:x"]
    assert read("xlsx", write("xlsx", [pl.DataFrame({"t": texts})]))["t"].to_list() == texts


def test_xlsx_stays_sound_xml(read, write):
    frame = pl.DataFrame({"t": ["a\uffffb\ufffec", "x\0y"]})
    assert read("xlsx", write("xlsx", [frame]))["t"].to_list() == ["a\ufffdb\ufffdc", "x\0y"]


def test_xlsx_refuses_what_a_cell_cannot_hold(write, read):
    frame = pl.DataFrame({"id": ["1"], "t": ["😀" * 20_000]})

    with pytest.raises(InvalidInputError, match="row 2, column 2 has 40,000 characters"):
        write("xlsx", [frame])
    cut = read("xlsx", write("xlsx", [frame], long_texts="cut"))
    assert cut["t"][0] == "😀" * 16_383


def test_xlsx_leaves_nothing_behind_when_it_refuses(write, folder, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with pytest.raises(InvalidInputError):
        write("xlsx", [pl.DataFrame({"t": ["x" * 40_000]})])

    assert not (folder / "out.xlsx").exists()
    assert list(tmp_path.iterdir()) == []


def test_xlsx_refuses_more_rows_than_a_sheet_has(write):
    with pytest.raises(InvalidInputError, match="1,048,575 rows"):
        write("xlsx", [pl.DataFrame({"n": pl.Series([None] * 1_048_576, dtype=pl.Int8)})])


@pytest.mark.parametrize("name", ["csv", "jsonl", "xlsx", "parquet"])
def test_memory_does_not_grow_with_the_number_of_frames(write, name):
    """Frames are asked for one after the other, and let go of."""
    alive: list[weakref.ref[pl.DataFrame]] = []
    most = 0

    def frames():
        nonlocal most
        for i in range(200):
            frame = pl.DataFrame({"n": [i] * 1000 if name == "parquet" else [i]})
            alive.append(weakref.ref(frame))
            most = max(most, sum(ref() is not None for ref in alive))
            yield frame

    write(name, frames())

    # Parquet gathers 66 frames of 1,000 rows for a row group, the others hold one or two.
    assert most <= (140 if name == "parquet" else 3)
