"""What is exported can be read again, in every format, and is what was said."""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl
import pytest

from .talking import Talk, problem_of

TEXTS = ['plain, "quoted"', "two\nlines", "=1+1", "  spaces  ", "ünï 🐘", "007"]
ROWS = [{"id": f"0{i}", "text": text} for i, text in enumerate(TEXTS)]

READ = {
    "csv": lambda file: pl.read_csv(file, infer_schema=False),
    "xlsx": lambda file: pl.read_excel(file, infer_schema_length=0),
    "parquet": pl.read_parquet,
    "jsonl": pl.read_ndjson,
}


@pytest.fixture
async def slug(mara) -> str:
    return await mara.project(ROWS, split={"test": 2, "seed": 1})


@pytest.fixture
def downloads(settings):
    def look() -> list[str]:
        return [each.name for each in (settings.data_dir / "downloads").glob("*")]

    return look


async def table(talk: Talk, slug: str, what: str, format_: str, **query: Any) -> pl.DataFrame:
    answer = await talk.ask("GET", f"/projects/{slug}/export/{what}", format=format_, **query)
    assert answer.status_code == 200, answer.text
    assert f".{format_}" in answer.headers["content-disposition"]
    return READ[format_](io.BytesIO(answer.content))


@pytest.mark.parametrize("format_", READ)
async def test_annotations_come_back_as_they_were_given(format_, mara, slug, downloads):
    # Given answers with comments and times
    path = await mara.scheme(slug)
    values = ["pro", "con", "pro", "none", "pro"]
    given = [
        {"id": f"0{i}", "value": value, "comment": f"c{i}\n", "seconds": i + 0.5}
        for i, value in enumerate(values)
    ]
    await mara.post(f"{path}/annotations", {"annotations": given})
    await mara.say(path, **{"04": None})
    elements = (await mara.get(f"{path}/elements"))["items"]

    # When they are exported
    frame = await table(mara, slug, "annotations", format_, scheme="stance")

    # Then each text with a value has a row, exactly
    assert frame["id"].to_list() == ["00", "01", "02", "03"]
    assert frame["text"].to_list() == TEXTS[:4]
    assert frame["stance"].to_list() == values[:4]
    assert frame["comment"].to_list() == ["c0\n", "c1\n", "c2\n", "c3\n"]
    assert frame["seconds"].cast(pl.Float64).to_list() == [0.5, 1.5, 2.5, 3.5]
    assert frame["split"].to_list() == [each["split"] for each in elements[:4]]
    assert set(frame["annotator"]) == {"mara"}
    assert set(frame["n_annotators"].cast(pl.Int64)) == {1}
    assert frame["annotated_at"].null_count() == 0
    # And the server keeps no copy
    assert downloads() == []


@pytest.mark.parametrize("format_", READ)
async def test_the_log_comes_back_whole(format_, mara, slug, downloads):
    path = await mara.scheme(slug, type="multilabel")
    await mara.say(path, **{"00": ["pro", "con"], "01": ["none"]})
    await mara.post(f"{path}/labels", {"op": "merge", "labels": ["none"], "into": "con"})
    await mara.post(f"{path}/undo")
    await mara.post(f"{path}/undo")
    log = await mara.log(path)

    frame = await table(mara, slug, "log", format_, scheme="stance")

    assert frame["seq"].cast(pl.Int64).to_list() == [each["seq"] for each in log]
    for name in ("op", "id", "user", "source"):
        assert frame[name].to_list() == [each[name] for each in log], name
    assert frame["created_at"].to_list() == [each["created_at"] for each in log]
    assert [json.loads(each) if each else None for each in frame["value"]] == [
        each["value"] for each in log
    ]
    assert [None if u is None else int(u) for u in frame["undoes"]] == [e["undoes"] for e in log]
    assert downloads() == []


@pytest.mark.parametrize("what", ["annotations", "log"])
@pytest.mark.parametrize("format_", READ)
async def test_a_scheme_without_answers_gives_an_empty_table(what, format_, mara, slug):
    await mara.scheme(slug)
    answer = await mara.ask(
        "GET", f"/projects/{slug}/export/{what}", format=format_, scheme="stance"
    )
    assert answer.status_code == 200
    if format_ in {"csv", "parquet"}:
        frame = READ[format_](io.BytesIO(answer.content))
        assert (frame.height, "id" in frame.columns) == (0, True)


async def test_a_scheme_may_be_called_as_a_column(mara, slug):
    for name in ("id", "text", "comment", "seconds"):
        path = await mara.scheme(slug, name=name)
        await mara.say(path, **{"00": "con"})
        frame = await table(mara, slug, "annotations", "csv", scheme=name)
        assert (frame["id"].to_list(), frame[f"value.{name}"].to_list()) == (["00"], ["con"])


async def test_spans_are_exported_as_json(mara, slug):
    spans = [{"start": 0, "end": 5, "label": "pro"}, {"start": 7, "end": 9, "label": "con"}]
    path = await mara.scheme(slug, type="span")
    await mara.say(path, **{"00": spans, "01": []})
    frame = await table(mara, slug, "annotations", "parquet", scheme="stance")
    assert [json.loads(each) for each in frame["stance"]] == [spans, []]


@pytest.mark.parametrize(
    ("status", "what", "query", "word"),
    [
        (400, "secrets", {"scheme": "stance"}, "what"),
        (404, "annotations", {"scheme": "stance", "format": "pdf"}, "pdf"),
        (404, "annotations", {"scheme": "nope"}, "nope"),
        (422, "annotations", {}, "scheme"),
        (422, "log", {}, "scheme"),
        (422, "codebook", {}, "scheme"),
        (422, "features", {}, "feature"),
        (404, "features", {"feature": "nope"}, "nope"),
        (422, "predictions", {"scheme": "stance"}, "model"),
        (404, "predictions", {"model": "nope"}, "nope"),
    ],
)
async def test_an_export_that_cannot_be_says_why(status, what, query, word, mara, slug, downloads):
    await mara.scheme(slug)
    answer = await mara.ask("GET", f"/projects/{slug}/export/{what}", **query)
    assert word in problem_of(answer, status)["detail"]
    assert downloads() == []
