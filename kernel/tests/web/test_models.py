"""Models over HTTP: taught as asked, predictions and whole models downloaded, figures kept."""

# ruff: noqa: F811 - the fixtures are imported
from __future__ import annotations

import io
import json
import zipfile

import polars as pl
import pytest

from .desk import ROWS, app, mara, toys, work  # noqa: F401
from .talking import problem_of


async def test_what_cannot_be_taught_is_refused_at_once_with_what_can(mara):
    project = await mara.classroom("multiclass")
    body = {"name": "m", "scheme": "animal", "component": "words"}
    search = {"space": {"slope": [1.0]}}

    for options, field, said in (
        ({"exclude_labels": ["cow"]}, "exclude_labels", "'cat', 'dog', 'none'"),
        ({"dichotomise": "cow"}, "dichotomise", "'cat', 'dog', 'none'"),
        ({"annotators": ["zoe"]}, "annotators", "mara"),
        ({"metric": "spans"}, "metric", "classification"),
        ({"search": {"space": {"slop": [1]}}}, "slop", "slop"),
        ({"search": {"space": {"slope": [-1.0]}}}, "slope", ">= 0"),
        ({"search": {"space": {"slope": {"low": 2, "high": 1}}}}, "search", "smaller"),
        ({"search": {"space": {"slope": {"low": 0, "high": 1, "log": True}}}}, "search", "above 0"),
        ({"search": {**search, "trials": 0}}, None, "trials"),
        ({"folds": 21}, None, "folds"),
        ({"sources": ["rumour"]}, None, "sources"),
        ({"fold": 5}, None, "fold"),
    ):
        answer = await mara.ask("POST", f"{project}/models", {**body, **options})
        assert answer.status_code in (400, 422), (options, answer.text)
        problem = problem_of(answer, answer.status_code)
        assert said in problem["detail"], (options, problem)
        if field is not None:
            assert field in (problem.get("field") or problem["detail"])


async def test_a_model_shows_how_it_was_made_and_its_curves_stay(mara):
    project = await mara.classroom("multiclass")

    model = await mara.train(project, folds=3, annotators=["mara"], exclude_labels=["none"])

    assert model["labels"] == ["cat", "dog"]
    assert model["training"] == {
        "exclude_labels": ["none"],
        "dichotomise": None,
        "annotators": ["mara"],
        "sources": [],
        "silver": None,
        "n_silver": 0,
        "window": None,
    }
    assert model["validation"]["folds"]["report"]["overall"]["macro_f1"]["value"] > 0.5
    assert model["provenance"]["python"]
    assert model["energy"]["wh"] > 0
    assert model["exports"] == ["transformers"]
    # Of the four fits only the one that stays is drawn
    points = (await mara.get(f"/jobs/{model['id']}/metrics"))["points"]
    losses = [each["values"]["loss"] for each in points if "loss" in each["values"]]
    assert losses == pytest.approx([1, 1 / 2, 1 / 3])
    # And the project's state says the same
    (same,) = (await mara.get(f"{project}/state"))["models"]
    assert same == model


@pytest.mark.parametrize("format_", ["parquet", "csv", "jsonl"])
async def test_predictions_of_corpus_split_and_file_are_downloaded(mara, format_):
    project = await mara.classroom("multiclass")
    await mara.train(project)
    given = await mara.upload(f"{project}/files", b"id,text\nx1,my cat\nx2,my dog\n", "more.csv")
    assert given.status_code == 201, given.text
    predictions = f"{project}/models/m/predictions"

    early = await mara.ask("GET", f"{project}/export/predictions", model="m", on="test")
    assert "POST its predictions" in problem_of(early, 404)["detail"]
    for body in ({}, {"on": "test"}, {"on": "file", "file": "more.csv"}):
        await mara.run(predictions, body)

    whole = await mara.table(project, format_, model="m")
    split = await mara.table(project, format_, model="m", on="test")
    file = await mara.table(project, format_, model="m", on="file", file="more.csv")
    columns = ["prediction", "entropy", "margin", "p:cat", "p:dog", "p:none"]
    assert whole.columns == split.columns == ["id", "split", *columns]
    assert file.columns == ["id", *columns]
    assert whole["id"].to_list() == [row["id"] for row in ROWS]
    assert whole["prediction"].to_list()[:3] == ["cat", "dog", "none"]
    assert split.equals(whole.filter(pl.col("split") == "test"))
    assert file.select("id", "prediction").rows() == [("x1", "cat"), ("x2", "dog")]
    (model,) = (await mara.get(f"{project}/models"))["items"]
    assert model["predicted"] == {"test": 10, given.json()["id"]: 2}
    assert model["predicted_rows"] == 40


async def test_a_prediction_of_a_file_needs_one_that_is_there(mara):
    project = await mara.classroom("multiclass")
    await mara.train(project)
    path = f"{project}/models/m/predictions"

    problem_of(await mara.ask("POST", path, {"on": "file", "file": "nope"}), 404)
    for body in ({"on": "file"}, {"on": "test", "file": "more.csv"}):
        assert problem_of(await mara.ask("POST", path, body), 422)["field"] == "file"


async def test_a_models_own_thresholds_decide_which_labels_are_on_a_text(mara):
    project = await mara.classroom("multilabel", labels=["cat", "dog"])
    strict = await mara.train(project, name="strict", params={"slope": 1.0, "threshold": 0.9999})
    plain = await mara.train(project, name="plain", params={"slope": 1.0})
    for name in ("strict", "plain"):
        await mara.run(f"{project}/models/{name}/predictions", {})

    tables = [await mara.table(project, model=name) for name in ("strict", "plain")]

    assert (strict["thresholds"], plain["thresholds"]) == (pytest.approx([0.9999] * 2), None)
    assert tables[0]["p:cat"].equals(tables[1]["p:cat"])
    assert set(tables[0]["prediction"]) == {"[]"}
    assert tables[1]["prediction"].to_list()[:4] == ['["cat"]', '["dog"]', "[]", '["cat","dog"]']


async def test_one_label_against_the_rest_predicts_it_or_nothing(mara):
    project = await mara.classroom("multiclass")
    model = await mara.train(project, dichotomise="dog")
    done = await mara.run(f"{project}/models/m/predictions", {})

    frame = await mara.table(project, model="m")

    assert model["labels"] == ["dog"]
    assert frame["prediction"].to_list()[:4] == [None, "dog", None, None]
    assert [name for name in frame.columns if name.startswith("p:")] == ["p:dog"]
    report = done["result"]["scores"]["test"]
    assert (report["labels"], report["by_label"]["dog"]["f1"]["value"]) == (["dog"], 1.0)


async def test_predicted_spans_are_downloaded_with_their_probability(mara):
    project = await mara.classroom("span", labels=["cat", "dog"])
    await mara.train(project, component="marker")
    done = await mara.run(f"{project}/models/m/predictions", {})

    frame = await mara.table(project, model="m")

    assert "test" in done["result"]["scores"]
    assert json.loads(frame["spans"][3]) == [
        {"start": 4, "end": 7, "label": "cat", "score": 0.75},
        {"start": 16, "end": 19, "label": "dog", "score": 0.75},
    ]
    assert frame["p:cat"].to_list()[:3] == [1.0, 0.0, 0.0]


async def test_a_model_is_downloaded_as_saved_or_as_others_load_it(mara, settings):
    project = await mara.classroom("multiclass")
    await mara.train(project, folds=2)
    await mara.run(f"{project}/models/m/predictions", {"on": "test"})

    async def download(**query) -> zipfile.ZipFile:
        answer = await mara.ask("GET", f"{project}/export/model", model="m", **query)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/zip"
        found = zipfile.ZipFile(io.BytesIO(answer.content))
        assert found.testzip() is None
        return found

    # As it was saved, with a card
    saved = await download()
    assert {"README.md", "manifest.json", "fitted/words.json"} <= set(saved.namelist())
    card = saved.read("README.md").decode()
    for said in ("# m", "0. cat", "macro_f1", "test split", "cross-validation, 2 folds", "Seed: 0"):
        assert said in card
    assert str(settings.data_dir) not in card

    # For others: a job writes it first
    query = {"model": "m", "format": "transformers"}
    early = await mara.ask("GET", f"{project}/export/model", **query)
    assert "POST to its exports" in problem_of(early, 409)["detail"]
    await mara.run(f"{project}/models/m/exports", {"format": "transformers"})
    written = await download(format="transformers")
    assert set(written.namelist()) == {"README.md", "config.json", "model.safetensors"}
    assert json.loads(written.read("config.json"))["id2label"]["0"] == "cat"
    assert 'library_name: "toys"' in written.read("README.md").decode()

    # A label that is called otherwise since is not passed on under its old name
    path = f"{project}/schemes/animal/labels"
    labels = (await mara.get(f"{project}/schemes"))["items"][0]["labels"]
    await mara.post(path, {"op": "rename", "label": labels[0]["name"], "name": "tomcat"})
    problem_of(await mara.ask("GET", f"{project}/export/model", **query), 409)
    await mara.run(f"{project}/models/m/exports", {"format": "transformers"})
    again = await download(format="transformers")
    assert json.loads(again.read("config.json"))["id2label"]["0"] == "tomcat"

    # A form that there is not
    for method, where, body, asked in (
        ("POST", "models/m/exports", {"format": "pickle"}, {}),
        ("GET", "export/model", None, {"model": "m", "format": "../../x"}),
    ):
        answer = await mara.ask(method, f"{project}/{where}", body, **asked)
        assert "transformers, kodkod" in problem_of(answer, 422)["detail"]

    # And nothing of it is left once it is deleted
    assert (await mara.ask("DELETE", f"{project}/models/m")).status_code == 204
    slug = project.rpartition("/")[2]
    left = [
        path
        for kind in ("predicted", "exports", "predictions")
        for path in (settings.projects / slug / kind).glob("*")
    ]
    assert left == []
