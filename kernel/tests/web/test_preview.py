"""A file is looked into before it becomes a project, and faulty rows are left out where wanted."""

from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kodkod.project.preview import preview

from .talking import Talk, csv_of, problem_of

ROWS = [
    {
        "id": f"t{i}",
        "text": f"In week {i} the river rose and the bridge was closed again",
        "outlet": "ab"[i % 2],
        "day": f"2026-11-{i + 1:02}",
        "likes": str(i * 3),
        "label": ["pro", "con"][i % 2],
        "none": "",
    }
    for i in range(12)
]


async def looked(talk: Talk, file: bytes, filename: str = "x.csv"):
    answer = await talk.upload("/imports/preview", file, filename)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_preview_names_kinds_and_guesses_what_columns_are(mara, settings):
    # When a file is looked into
    found = await looked(mara, csv_of(ROWS))

    # Then its columns have kinds, and the guess is what one would have chosen
    kinds = {each["name"]: each["kind"] for each in found["columns"]}
    assert kinds == {
        "id": "text",
        "text": "text",
        "outlet": "category",
        "day": "date",
        "likes": "number",
        "label": "category",
        "none": "empty",
    }
    assert found["guess"] == {
        "id_column": "id",
        "text_columns": ["text"],
        "label_columns": ["label"],
        "context_columns": ["outlet", "day", "likes"],
    }
    assert found["n_rows"] == 12
    assert found["rows"][0][:2] == ["t0", ROWS[0]["text"]]
    # And the guess makes a project, and nothing of the upload is left
    await mara.project(ROWS, **found["guess"])
    assert list((settings.data_dir / "uploads").glob("*")) == []


@pytest.mark.parametrize("ending", ["xlsx", "parquet", "jsonl"])
async def test_every_format_is_looked_into_as_it_is_imported(mara, ending):
    buffer = io.BytesIO()
    frame = pl.DataFrame(ROWS).drop("none")
    write = {"xlsx": frame.write_excel, "parquet": frame.write_parquet, "jsonl": frame.write_ndjson}
    write[ending](buffer)
    found = await looked(mara, buffer.getvalue(), f"x.{ending}")
    assert [each["name"] for each in found["columns"]] == frame.columns
    assert found["guess"]["text_columns"] == ["text"]


async def test_what_is_wrong_is_named_by_row_and_can_be_left_out(mara):
    # Given a file with a text missing, an id twice and an id missing
    rows = [
        {"id": "a", "text": "one"},
        {"id": "b", "text": "  "},
        {"id": "a", "text": "three"},
        {"id": "", "text": "four"},
        {"id": "e", "text": "five"},
    ]
    # When it is looked into
    found = await looked(mara, csv_of(rows))
    # Then the rows are named
    by_name = {each["name"]: each for each in found["columns"]}
    assert by_name["text"]["missing_rows"] == [2]
    assert by_name["id"]["missing_rows"] == [4]
    assert by_name["id"]["repeated_rows"] == [3]
    # And the import refuses them, or leaves them out where that is wanted
    problem_of(await mara.send_project(csv_of(rows)), 422)
    slug = await mara.project(rows, leave_out_faulty=True)
    path = await mara.scheme(slug)
    elements = (await mara.get(f"{path}/elements"))["items"]
    assert [(each["id"], each["text"]) for each in elements] == [("a", "one"), ("e", "five")]


async def test_where_no_row_is_sound_nothing_is_made(mara):
    rows = [{"id": "a", "text": ""}, {"id": "", "text": "x"}]
    answer = await mara.send_project(csv_of(rows), leave_out_faulty=True)
    assert "No row has both" in problem_of(answer, 422)["detail"]


async def test_a_broken_or_large_file_is_refused_with_the_remedy(mara, services, settings):
    problem_of(await mara.upload("/imports/preview", b"", "x.csv"), 422)
    problem_of(await mara.upload("/imports/preview", b"\x00\x01", "x.parquet"), 422)
    problem_of(await mara.upload("/imports/preview", b"a,b", "x.docx"), 422)
    services.settings = replace(settings, inline_import_mb=0)
    problem = problem_of(await mara.upload("/imports/preview", csv_of(ROWS), "x.csv"), 422)
    assert "columns named" in problem["detail"]
    assert list((settings.data_dir / "uploads").glob("*")) == []


async def test_only_who_may_make_projects_may_look_into_files(client, bearer):
    anna = Talk(client, await bearer("anna"))
    problem_of(await anna.upload("/imports/preview", csv_of(ROWS), "x.csv"), 403)


VALUES = st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["", " ", "a", "1", "NaN"]))


@given(st.lists(st.tuples(VALUES, VALUES), max_size=30))
def test_any_table_can_be_looked_into(rows):
    raw = pl.DataFrame(rows, schema={"id": pl.String, "text": pl.String}, orient="row")
    found = preview(raw)
    for column, values in zip(found.columns, zip(*rows, strict=True), strict=False):
        given_ = [value for value in values if value is not None and value.strip() != ""]
        assert column.missing == len(values) - len(given_)
        assert column.distinct == len(set(given_))
        assert column.repeated == len(given_) - len(set(given_))


def test_columns_of_lists_and_numbers_are_shown_as_text():
    raw = pl.DataFrame({"tags": [["a", "b"], None], "n": [1.5, None], "on": [True, False]})
    found = preview(raw)
    assert [each.missing for each in found.columns] == [1, 1, 0]
    assert found.rows[0][1] == "1.5"
