"""A file becomes a project, or the answer says what is wrong with it and nothing is left."""

from __future__ import annotations

import io
import zipfile

import polars as pl
import pytest

from .talking import csv_of, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i}", "label": "ab"[i % 2]} for i in range(10)]


def parquet_of(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 300_000_000)
    return buffer.getvalue()


@pytest.fixture
def traces(settings, services):
    """Return what there is of projects and uploads: on disk, and in the database."""

    async def look() -> tuple[list[str], list[str], list[str]]:
        from kodkod.store.projects import list_projects

        async with services.database.read() as connection:
            known = [row.slug for row, _ in await list_projects(connection, user_id=None)]
        folders = [
            sorted(each.name for each in (settings.data_dir / name).glob("*"))
            for name in ("projects", "uploads")
        ]
        return known, folders[0], folders[1]

    return look


BROKEN = {
    "an id twice": (
        b"id,text\na,one\nb,two\na,three\n",
        "x.csv",
        {},
        ["'a'", "rows 1, 3", "'id'"],
    ),
    "no id": (b'id,text\na,one\n"",two\n', "x.csv", {}, ["Row 2", "'id'"]),
    "an empty text": (b"id,text\na,one\nb,\nc,  \n", "x.csv", {}, ["Rows 2, 3", "'text'"]),
    "a wrong text column": (
        b"id,text\na,one\n",
        "x.csv",
        {"text_columns": ["body"]},
        ["text_columns", "'body'", "'text'"],
    ),
    "a wrong id column": (b"id,text\na,one\n", "x.csv", {"id_column": "key"}, ["'key'"]),
    "a wrong label column": (b"id,text\na,one\n", "x.csv", {"label_columns": ["l"]}, ["'l'"]),
    "a wrong context column": (b"id,text\na,one\n", "x.csv", {"context_columns": ["c"]}, ["'c'"]),
    "bytes that are no text": (
        b"id,text\na,one\nb,\xff\xfe\x00\x81\n",
        "x.csv",
        {"importer_params": {"encoding": "utf-8"}},
        ["Line 3", "0xff"],
    ),
    "an empty file": (b"", "x.csv", {}, ["empty"]),
    "only a header": (b"id,text\n", "x.csv", {}, ["no rows"]),
    "a ragged row": (b"id,text\na,one\nb,two,three\n", "x.csv", {}, ["ine 3"]),
    "a truncated Parquet": (
        parquet_of(pl.DataFrame({"id": ["a"] * 900, "text": ["b"] * 900}))[:-40],
        "x.parquet",
        {},
        ["Parquet"],
    ),
    "a zip bomb": (bomb(), "x.xlsx", {}, ["unpack"]),
    "an unknown extension": (b"id,text\n", "x.docx", {}, ["'.docx'", ".csv"]),
    "no extension": (b"id,text\n", "texts", {}, ["nothing", ".csv"]),
    "an unknown importer": (b"id,text\na,b\n", "x.csv", {"importer": "nope"}, ["'nope'"]),
    "unknown importer params": (
        b"id,text\na,b\n",
        "x.csv",
        {"importer_params": {"sep": ";"}},
        ["sep"],
    ),
    "a split that does not fit": (
        b"id,text\na,one\nb,two\n",
        "x.csv",
        {"split": {"test": 5}},
        ["2 texts"],
    ),
    "a split column that says else": (
        b"id,text,part\na,one,train\nb,two,dunno\n",
        "x.csv",
        {"split": {"column": "part"}},
        ["dunno", "part"],
    ),
    "a text column twice": (b"id,text\na,b\n", "x.csv", {"text_columns": ["text", "text"]}, []),
    "a NUL character": (b"id,text\na\0b,one\n", "x.csv", {}, ["Line 2", "NUL"]),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_a_file_that_cannot_be_used_is_refused_with_its_place(what, mara, traces):
    # Given a file with a fault
    file, name, config, words = BROKEN[what]
    before = await traces()

    # When it is sent
    answer = await mara.send_project(file, name, **config)

    # Then the problem says where the fault is
    assert 400 <= answer.status_code < 500
    detail = problem_of(answer, answer.status_code)["detail"]
    assert [word for word in words if word not in detail] == [], detail
    # And nothing is left of it
    assert await traces() == before


@pytest.mark.parametrize(
    ("config", "word"),
    [
        ("{", "config"),
        ("[]", "config"),
        ('{"name": "x"}', "text_columns"),
        ('{"name": "", "text_columns": ["text"]}', "name"),
        ('{"name": "x", "text_columns": []}', "text_columns"),
        ('{"name": "x", "text_columns": ["text"], "colour": 1}', "colour"),
        ('{"name": "x", "text_columns": ["text"], "split": {"tset": 1}}', "tset"),
    ],
)
async def test_a_config_that_is_none_is_refused(config, word, mara, traces):
    before = await traces()
    answer = await mara.upload("/projects", b"id,text\na,b\n", "x.csv", config=config)
    problem = problem_of(answer, 422)
    assert word in problem["detail"]
    assert problem["field"] == "config"
    assert await traces() == before


async def test_a_problem_has_line_and_column_for_programs(mara):
    ragged = problem_of(await mara.send_project(b"id,text\na,one\nb,two,three\n"), 422)
    assert (ragged["type"], ragged["line"]) == ("/problems/import", 3)
    twice = problem_of(await mara.send_project(b"id,text\na,one\na,two\n"), 422)
    assert (twice["type"], twice["column"]) == ("/problems/import", "id")


async def test_a_request_without_file_or_config_is_refused(mara, traces):
    before = await traces()
    for answer in (
        await mara.client.post("/api/v1/projects", data={"config": "{}"}, headers=mara.headers),
        await mara.upload("/projects", b"id,text\na,b\n", "x.csv"),
        await mara.ask("POST", "/projects", {"file": "x", "config": "{}"}),
    ):
        problem_of(answer, answer.status_code)
        assert 400 <= answer.status_code < 500
    assert await traces() == before


async def test_ids_are_kept_exactly_and_texts_whole(mara):
    # Given ids that look like numbers, and a text with newlines and quotes
    ids = ["007", " 7", "7", "1e5", "1.0", "-0", "TRUE", "null", "ü", "a b "]
    text = 'Line one\n\n  "two", three '
    slug = await mara.project([{"id": id_, "text": text} for id_ in ids])

    # When they are read back
    items = (await mara.get(f"{await mara.scheme(slug)}/elements"))["items"]

    # Then not a character has changed
    assert [each["id"] for each in items] == ids
    assert {each["text"] for each in items} == {text}
    assert [each["row"] for each in items] == list(range(len(ids)))


async def test_text_columns_are_joined_and_empty_parts_left_out(mara):
    rows = [{"id": "a", "title": "One", "body": "two"}, {"id": "b", "title": "", "body": "three"}]
    slug = await mara.project(rows, text_columns=["title", "body"])
    items = (await mara.get(f"{await mara.scheme(slug)}/elements"))["items"]
    assert [each["text"] for each in items] == ["One\n\ntwo", "three"]


async def test_context_columns_may_have_any_name(mara):
    # Given columns that are called as the kernel's own
    rows = [
        {"key": "k", "body": "b", "id": "1", "text": "other", "split": "x", "row": "2020-02-03"}
    ]
    slug = await mara.project(
        rows,
        id_column="key",
        text_columns=["body"],
        context_columns=["id", "text", "split", "row"],
        label_columns=["text"],
    )

    # Then each is what it was, typed where all its values are of a type
    (only,) = (await mara.get(f"{await mara.scheme(slug)}/elements"))["items"]
    assert (only["id"], only["text"], only["split"]) == ("k", "b", "train")
    assert only["context"] == {"id": 1, "text": "other", "split": "x", "row": "2020-02-03"}


async def test_without_an_id_column_rows_are_numbered(mara):
    slug = await mara.project(ROWS, id_column=None)
    items = (await mara.get(f"{await mara.scheme(slug)}/elements"))["items"]
    assert [each["id"] for each in items] == [str(i) for i in range(10)]


async def test_every_format_gives_the_same_project(mara):
    frame = pl.DataFrame(ROWS)
    xlsx, lines, tsv = io.BytesIO(), io.BytesIO(), io.BytesIO()
    frame.write_excel(xlsx)
    frame.write_ndjson(lines)
    frame.write_csv(tsv, separator="\t")
    files = {
        "x.csv": csv_of(ROWS),
        "x.tsv": tsv.getvalue(),
        "x.xlsx": xlsx.getvalue(),
        "x.parquet": parquet_of(frame),
        "x.jsonl": lines.getvalue(),
        "X.CSV": b"\xef\xbb\xbf" + csv_of(ROWS).replace(b'","', b'";"'),
    }
    for name, file in files.items():
        answer = await mara.send_project(
            file, name, label_columns=["label"], split={"valid": 2, "test": 3, "seed": 4}
        )
        assert answer.status_code == 201, (name, answer.text)
        made = answer.json()
        assert (made["n_rows"], made["splits"]) == (10, {"train": 5, "valid": 2, "test": 3}), name
        path = await mara.scheme(made["slug"], labels=[], from_column="label")
        assert await mara.values(path) == {row["id"]: row["label"] for row in ROWS}, name


async def test_two_projects_of_one_name_have_slugs_of_their_own(mara, traces):
    slugs = [await mara.project(ROWS, name="Größe & Maß") for _ in range(3)]
    assert slugs == ["groe-ma", "groe-ma-2", "groe-ma-3"]
    _, folders, _ = await traces()
    assert set(slugs) <= set(folders)


async def test_a_deleted_project_is_gone_with_its_folders(mara, traces, settings):
    # Given a project with annotations and a folder of models
    slug = await mara.project(ROWS)
    path = await mara.scheme(slug)
    await mara.say(path, t0="pro")
    (settings.models / slug / "m1").mkdir(parents=True)

    # When it is deleted
    assert (await mara.ask("DELETE", f"/projects/{slug}", at_once=True)).status_code == 204

    # Then it is nowhere
    known, folders, uploads = await traces()
    assert slug not in known
    assert not [name for name in folders if slug in name]
    assert uploads == []
    assert not (settings.models / slug).exists()
    problem_of(await mara.ask("GET", f"/projects/{slug}"), 404)
    # And a new one of its name starts empty
    assert await mara.project(ROWS) == slug
    assert (await mara.get(f"/projects/{slug}/schemes"))["items"] == []


async def test_a_changed_name_shows_everywhere(mara):
    slug = await mara.project(ROWS)
    await mara.get(f"/projects/{slug}/state")
    await mara.ask("PATCH", f"/projects/{slug}", {"name": "Renamed", "language": "fr"})
    state = (await mara.get(f"/projects/{slug}/state"))["project"]
    assert (state["name"], state["language"], state["slug"]) == ("Renamed", "fr", slug)
    listed = (await mara.get("/projects"))["items"]
    assert [each["name"] for each in listed] == ["Renamed"]


async def test_an_upload_is_gone_after_the_request(mara, traces):
    await mara.project(ROWS)
    assert (await traces())[2] == []
