import io
import zipfile

import polars as pl
import pytest
from xlsxwriter import Workbook

from kodkod.api import ImportProblemError
from kodkod_formats.sheet_extent import SheetExtent

SHEET = "xl/worksheets/sheet1.xml"


def workbook(*sheets: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    book = Workbook(buffer, {"strings_to_formulas": False})
    for rows in sheets:
        sheet = book.add_worksheet()
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if value is not None:
                    sheet.write(i, j, value)
    book.close()
    return buffer.getvalue()


def replaced(data: bytes, part: str, content: bytes) -> bytes:
    """The same archive with another content of one part."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == part else old.read(info))
    return out.getvalue()


def part_of(data: bytes, part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(part)


GOOD = workbook([["id", "text"], ["007", "x"]])


def test_cells_become_text_as_shown(read):
    data = workbook(
        [["id", "text", "n"], [12, " 007 ", 1.5], [10**15, "=1+1", True], ["", "é😀", 0.1]]
    )

    frame = read("xlsx", data)

    assert frame.to_dict(as_series=False) == {
        "id": ["12", "1000000000000000", None],
        "text": [" 007 ", "=1+1", "é😀"],
        "n": ["1.5", "true", "0.1"],
    }


def test_empty_rows_and_nameless_empty_columns_are_left_out(read):
    data = workbook(
        [["id", None, "text"], ["1", None, "x"], [None] * 3, ["2", None, "y"], ["", "", ""]]
    )
    assert read("xlsx", data).rows() == [("1", "x"), ("2", "y")]


def test_the_sheet_can_be_chosen(read):
    data = workbook([["a"], ["first"]], [["b"], ["second"]])
    assert read("xlsx", data)["a"].to_list() == ["first"]
    assert read("xlsx", data, sheet="Sheet2")["b"].to_list() == ["second"]
    with pytest.raises(ImportProblemError, match=r"no sheet 'Sheet3'.*Sheet1, Sheet2"):
        read("xlsx", data, sheet="Sheet3")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"id,text\n1,2\n", "not an XLSX workbook"),
        (GOOD[: len(GOOD) // 2], "truncated"),
        (GOOD[:-1], "truncated|damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old XLS format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "without a password",
        ),
        (replaced(GOOD, SHEET, b"<worksheet><sheetData><row"), "cannot be read|empty"),
        (replaced(GOOD, "xl/workbook.xml", b"nothing"), "cannot be read|no sheet"),
        (workbook([]), "sheet is empty"),
        (workbook([["id", "text"]]), "no rows"),
        (workbook([["id", "id"], ["1", "2"]]), "2 columns are called 'id'"),
        (workbook([["id", None], ["1", "stray"]]), "Column 2 has no name"),
    ],
)
def test_a_file_that_is_no_table_says_what_is_wrong(read, data, message):
    with pytest.raises(ImportProblemError, match=message):
        read("xlsx", data)


def test_a_zip_archive_that_is_no_workbook(read):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("corpus.csv", "a,b\n1,2\n")
    with pytest.raises(ImportProblemError, match="not an XLSX workbook"):
        read("xlsx", buffer.getvalue())


def test_a_bomb_is_refused_by_what_its_directory_says(read):
    bomb = replaced(GOOD, "docProps/core.xml", b"0" * 3_000_000)
    with pytest.raises(ImportProblemError, match="unpacks to 3 MB, more than the 2 allowed"):
        read("xlsx", bomb, max_unpacked_mb=2)


def test_a_bomb_is_refused_by_its_ratio(read):
    bomb = replaced(GOOD, "docProps/core.xml", b"0" * 20_000_000)
    with pytest.raises(ImportProblemError, match="more than 250 times its size"):
        read("xlsx", bomb)


def test_a_bomb_whose_directory_lies_is_refused_while_it_unpacks(read):
    """Given an archive that announces 1,000 bytes for a part of 30 MB."""
    bomb = bytearray(replaced(GOOD, SHEET, b"0" * 30_000_000))
    real = (30_000_000).to_bytes(4, "little")
    assert bomb.count(real) >= 1
    lying = bytes(bomb).replace(real, (1000).to_bytes(4, "little"))

    with pytest.raises(ImportProblemError, match=r"refused|damaged"):
        read("xlsx", lying)


def test_two_cells_in_opposite_corners_are_refused_before_the_reader_allocates(read):
    """A file of 5 kB for which a reader that builds the whole range would take 500 GB."""
    sheet = part_of(GOOD, SHEET).replace(b'r="B2"', b'r="XFD1048576"')
    with pytest.raises(ImportProblemError, match="1048576 rows and 16384 columns"):
        read("xlsx", replaced(GOOD, SHEET, sheet))


@pytest.mark.parametrize(
    ("xml", "rows", "columns"),
    [
        (b'<row r="1"><c r="A1"/><c r="C1"/></row>', 1, 3),
        (b"<row r = '7'>\n<x:c t='s'\nr = 'AA7'/></row>", 7, 27),
        (b"<row><c/><c t='s'/><c><v>1</v></c></row><row><c/></row>", 2, 3),
        (b"<cols><col min='1'/></cols>", 0, 0),
    ],
)
def test_the_extent_of_a_sheet_is_found_in_blocks_of_any_size(xml, rows, columns):
    for size in (1, 2, 7, 1000):
        extent = SheetExtent()
        for start in range(0, len(xml), size):
            extent.feed(xml[start : start + size])
        extent.finish()
        assert (extent.rows, extent.columns) == (rows, columns)


def test_an_encrypted_part_is_refused(read):
    data = bytearray(GOOD)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    with pytest.raises(ImportProblemError, match="password"):
        read("xlsx", bytes(data))


def test_a_workbook_of_a_spreadsheet_program(read):
    """Shared strings and references, which is how Excel itself writes."""
    frame = read("xlsx", workbook([["id", "text"], *[[i, f"text {i % 3}"] for i in range(500)]]))
    assert frame.height == 500
    assert frame["id"].to_list() == [str(i) for i in range(500)]
    assert frame.schema == {"id": pl.String, "text": pl.String}
