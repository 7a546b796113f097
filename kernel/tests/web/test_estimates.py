"""Drawn samples, estimates and plans over HTTP; jobs run in the test's own process."""

# ruff: noqa: F811 - the fixtures are imported
from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kodkod.store.drawn_samples import list_samples
from kodkod.store.projects import find_project

from .desk import TEXTS, Desk, app, mara, right, toys, work  # noqa: F401
from .talking import Talk, csv_of, problem_of

N, N_TEST = 120, 90
ROWS = [
    {
        "id": f"t{i}",
        "text": f"{TEXTS[i % 4]} {i}",
        "side": "left" if i % 3 else "right",
        "year": 2000 + i % 7,
    }
    for i in range(N)
]
TEXT_OF = {row["id"]: row["text"] for row in ROWS}
LABELS = {
    "multiclass": ["cat", "dog", "none"],
    "multilabel": ["cat", "dog"],
    "span": ["cat", "dog"],
}


async def project_of(mara: Desk, type_: str = "multiclass", **split: Any) -> str:
    columns = ["side", "year"]
    slug = await mara.project(
        ROWS, split=split or {"test": N_TEST, "seed": 1}, context_columns=columns
    )
    await mara.scheme(slug, name="animal", type=type_, labels=LABELS[type_])
    return f"/projects/{slug}"


async def taught(mara: Desk, type_: str = "multiclass") -> str:
    """Return a project whose model `m` has learnt from the train split and predicted all texts."""
    project = await project_of(mara, type_)
    path = f"{project}/schemes/animal"
    learnt = (await mara.get(f"{path}/elements", split="train", limit=500))["items"]
    await annotate(mara, path, [each["id"] for each in learnt], type_)
    await mara.train(project, component="marker" if type_ == "span" else "words")
    await mara.run(f"{project}/models/m/predictions", {})
    return project


async def annotate(mara: Talk, path: str, ids: list[str], type_: str = "multiclass") -> None:
    given = [{"id": id_, "value": right(TEXT_OF[id_], type_)} for id_ in ids]
    await mara.post(f"{path}/annotations", {"annotations": given})


async def draw(mara: Talk, project: str, name: str = "fair", **plan: Any) -> dict[str, Any]:
    return await mara.post(f"{project}/drawn-samples", {"name": name, "plan": plan})


async def next_of(mara: Talk, project: str, sample: str = "fair", n: int = 100) -> list[dict]:
    path = f"{project}/schemes/animal"
    return await mara.next(path, filter={"drawn_sample": sample}, n=n)


async def code(mara: Talk, project: str, sample: str = "fair", type_: str = "multiclass") -> None:
    ids = [each["id"] for each in await next_of(mara, project, sample)]
    await annotate(mara, f"{project}/schemes/animal", ids, type_)


async def estimated(mara: Desk, project: str, **body: Any) -> dict[str, Any]:
    return (await mara.run(f"{project}/schemes/animal/estimates", body))["result"]


async def refusal(mara: Desk, project: str, **body: Any) -> str:
    job = await mara.post(f"{project}/schemes/animal/estimates", body)
    await asyncio.to_thread(mara.runner.run, job["id"])
    done = await mara.get(f"/jobs/{job['id']}")
    assert done["state"] == "failed"
    return done["error"]


# -- samples --------------------------------------------------------------------------------


async def test_a_sample_is_drawn_annotated_and_forgotten(mara, client, bearer):
    project = await project_of(mara)
    made = await draw(mara, project, n=20, seed=3)
    assert (made["n"], made["population"], made["of"]) == (20, N, "the corpus")
    assert made["strata"] == [{"name": "all", "size": N, "drawn": 20}]
    assert made["progress"] == [{"scheme": "animal", "annotated": 0}]
    taken = await mara.ask("POST", f"{project}/drawn-samples", {"name": "fair", "plan": {"n": 2}})
    assert "already" in problem_of(taken, 409)["detail"]

    # Two people get the texts, of whatever split, and none twice
    slug = project.removeprefix("/projects/")
    answer = await mara.ask("PUT", f"{project}/members/anna", {"role": "annotator"})
    assert answer.status_code < 300
    anna = Talk(client, await bearer("anna"))
    texts = [*await next_of(mara, project, n=8), *await next_of(anna, project)]
    assert len({each["id"] for each in texts}) == 20
    assert {each["split"] for each in texts} == {"train", "test"}
    given = [{"id": each["id"], "value": "cat", "lease": each["lease"]} for each in texts[:8]]
    await mara.post(f"{project}/schemes/animal/annotations", {"annotations": given})
    log = await mara.log(f"{project}/schemes/animal")
    assert {each["strategy"] for each in log} == {f"sample:{made['id']}"}
    shown = await mara.get(f"{project}/drawn-samples/{made['id']}")
    assert shown["progress"] == [{"scheme": "animal", "annotated": 8}]
    assert (await anna.get(f"{project}/drawn-samples"))["items"] == [shown]

    # Forgotten, its annotations stay
    problem_of(await anna.ask("DELETE", f"{project}/drawn-samples/fair"), 403)
    assert (await mara.ask("DELETE", f"{project}/drawn-samples/fair")).status_code == 204
    problem_of(await mara.ask("GET", f"{project}/drawn-samples/fair"), 404)
    body = {"filter": {"drawn_sample": "fair"}}
    gone = await mara.ask("POST", f"/projects/{slug}/schemes/animal/next", body)
    assert problem_of(gone, 422)["field"] == "filter.drawn_sample"
    assert len(await mara.log(f"{project}/schemes/animal")) == 8


async def test_texts_come_in_the_order_of_the_draw_also_where_there_is_a_guide(mara, services):
    project = await taught(mara)
    await draw(mara, project, n=30, split="test", column="side", allocation="equal")
    async with services.database.read() as connection:
        row = await find_project(connection, project.removeprefix("/projects/"))
        (sample,) = await list_samples(connection, row.id)
    assert sample.rows != sorted(sample.rows)

    texts = [*await next_of(mara, project, n=10), *await next_of(mara, project)]

    assert [each["id"] for each in texts] == [f"t{row}" for row in sample.rows]
    assert {each["selection_probability"] for each in texts} == {None}


@pytest.mark.parametrize(
    ("plan", "status", "said"),
    [
        ({"n": N + 1}, 422, "draw fewer"),
        ({"n": 5, "column": "age"}, 422, "there are side, year"),
        ({"n": 5, "column": "year"}, 422, "7 strata with 2 texts each need 14"),
        ({"n": 5, "column": "side", "model": "m"}, 422, "not both"),
        ({"n": 5, "model": "other"}, 404, "no model 'other'"),
        ({"n": 5, "where": [{"column": "age", "op": "eq", "value": 1}]}, 422, "no context column"),
        ({"n": 5, "regex": "(a"}, 422, "regular expression"),
        ({"n": 5, "annotated": False}, 400, "annotated"),
        ({"n": 0}, 400, "n"),
    ],
)
async def test_plans_that_cannot_be_meant_are_refused(mara, plan, status, said):
    project = await taught(mara)
    answer = await mara.ask("POST", f"{project}/drawn-samples", {"name": "s", "plan": plan})
    assert said in problem_of(answer, status)["detail"]
    assert (await mara.get(f"{project}/drawn-samples"))["items"] == []


async def test_strata_by_a_model_need_its_predictions(mara):
    project = await project_of(mara)
    await annotate(mara, f"{project}/schemes/animal", [f"t{i}" for i in range(N)])
    await mara.train(project)
    answer = await mara.ask(
        "POST", f"{project}/drawn-samples", {"name": "s", "plan": {"n": 9, "model": "m"}}
    )
    assert "predict the complete corpus" in problem_of(answer, 409)["detail"]


@pytest.mark.parametrize(
    ("type_", "strata"),
    [
        ("multiclass", {"cat": 60, "dog": 30, "none": 30}),
        # A text with both counts as what the model is surer of; the marker gives both 1.
        ("multilabel", {"cat": 30, "dog": 60, "(none)": 30}),
        ("span", {"cat": 60, "dog": 30, "(none)": 30}),
    ],
)
async def test_strata_are_what_a_model_predicts(mara, type_, strata):
    project = await taught(mara, type_)
    made = await draw(mara, project, n=30, model="m", allocation="equal")
    assert {each["name"]: each["size"] for each in made["strata"]} == strata
    assert [each["drawn"] for each in made["strata"]] == [10, 10, 10]


# -- estimates ------------------------------------------------------------------------------


@pytest.mark.parametrize("type_", ["multiclass", "multilabel", "span"])
async def test_shares_are_estimated_of_any_type_of_scheme(mara, type_):
    # given a sample of the test split that is annotated
    project = await taught(mara, type_)
    await draw(mara, project, n=45, split="test", seed=3)
    await code(mara, project, type_=type_)
    # when shares are estimated, by people alone and with a model
    alone = await estimated(mara, project, sample="fair", estimator="random-sample")
    helped = await estimated(mara, project, sample="fair", model="m", machine="labels")
    # then they are near the truth, and what they are of is said
    tests = (await mara.get(f"{project}/schemes/animal/elements", split="test", limit=500))["items"]
    for label in LABELS[type_]:
        values = [right(each["text"], type_) for each in tests]
        truth = sum(label in str(value) for value in values) / N_TEST
        for result in (alone, helped):
            (row,) = [each for each in result["rows"] if each["label"] == label]
            assert row["estimate"]["low"] <= truth <= row["estimate"]["high"]
    assert (alone["of"], alone["n_rows"], alone["notes"]) == ("the test split", N_TEST, [])
    assert (alone["model"], helped["human"]) == (None, "drawn-sample")
    # and a figure with a machine's help stands beside those without
    assert (helped["model_name"], helped["sample_name"]) == ("m", "fair")
    for bare, row in zip(alone["rows"], helped["rows"], strict=True):
        assert (bare["alone"], bare["counted"]) == (None, None)
        assert row["alone"] == bare["estimate"]
        assert 0 < row["counted"] <= 1


async def test_estimates_are_listed_apart_from_other_jobs(mara):
    project = await taught(mara)
    await draw(mara, project, n=20, split="test")
    await code(mara, project)
    await estimated(mara, project, sample="fair", model="m")
    slug = project.removeprefix("/projects/")
    found = (await mara.get("/jobs", project=slug, kind="estimate"))["items"]
    assert [each["params"]["estimator"] for each in found] == ["ppi"]
    both = (await mara.get("/jobs", project=slug, kind=["estimate", "train"]))["items"]
    assert {each["kind"] for each in both} == {"estimate", "train"}


async def test_a_population_that_a_plan_narrows_is_named(mara):
    project = await taught(mara)
    where = [{"column": "side", "op": "eq", "value": "left"}]
    made = await draw(mara, project, n=30, split="test", where=where, regex="cat|dog")
    said = 'the test split where side eq "left" and the text matches cat|dog'
    assert made["of"] == said
    await code(mara, project)

    result = await estimated(mara, project, sample="fair", model="m")

    assert result["of"] == said
    assert result["n_rows"] == made["strata"][0]["size"] < N_TEST


async def test_a_corpus_without_context_columns_has_shares_too(mara):
    slug = await mara.project([{"id": each["id"], "text": each["text"]} for each in ROWS])
    await mara.scheme(slug, name="animal", labels=LABELS["multiclass"])
    project = f"/projects/{slug}"
    await draw(mara, project, n=40)
    await code(mara, project)
    result = await estimated(mara, project, sample="fair", estimator="random-sample")
    assert sum(row["estimate"]["value"] for row in result["rows"]) == pytest.approx(1)


async def test_missing_labels_are_refused_or_left_out_if_that_is_said(mara):
    project = await taught(mara)
    await draw(mara, project, n=40, split="test")
    ids = [each["id"] for each in await next_of(mara, project, n=36)]
    await annotate(mara, f"{project}/schemes/animal", ids)
    body = {"sample": "fair", "model": "m"}

    assert "4 of the 40 texts of the sample 'fair'" in await refusal(mara, project, **body)

    result = await estimated(mara, project, **body, nonresponse="random")
    assert [row["estimate"]["n_human"] for row in result["rows"]] == [36] * 3
    assert "4 of the 40 texts have no human label" in result["notes"][0]


async def test_what_does_not_fit_is_refused_by_the_job(mara):
    project = await taught(mara)
    await draw(mara, project, n=40, split="test")
    await code(mara, project)
    await draw(mara, project, "seen", n=20, split="train")
    linear = {"kind": "linear"}
    for body, said in [
        ({"sample": "fair"}, "needs machine labels; name a model"),
        ({"sample": "seen", "model": "m"}, "has learnt from 20 of the 20"),
        ({"human": "test-split", "model": "m"}, "50 of the 90 texts of the test split"),
        ({"human": "random-draws", "model": "m"}, "chosen by 'none'"),
        ({"sample": "fair", "model": "m", "question": {"labels": ["cow"]}}, "no label 'cow'"),
        ({"sample": "fair", "model": "m", "question": linear}, "Name a covariate"),
        (
            {"sample": "fair", "model": "m", "question": {"kind": "mean-by-group", "by": "age"}},
            "there are side, year",
        ),
    ]:
        assert said in await refusal(mara, project, **body)


async def test_models_that_cannot_say_are_refused(mara):
    project = await taught(mara)
    await draw(mara, project, n=40, split="test")
    await code(mara, project)
    await mara.scheme(project.removeprefix("/projects/"), name="other")
    # One that tells one label from the rest, and one that has not predicted
    await mara.train(project, name="one", dichotomise="dog")
    await mara.run(f"{project}/models/one/predictions", {})
    await mara.train(project, name="idle", annotators=["mara"])
    for model, said in [("one", "says nothing of 'cat'"), ("idle", "has not predicted 90 of")]:
        assert said in await refusal(mara, project, sample="fair", model=model)
    answer = await mara.ask(
        "POST", f"{project}/schemes/other/estimates", {"sample": "fair", "model": "m"}
    )
    await asyncio.to_thread(mara.runner.run, answer.json()["id"])
    failed = await mara.get(f"/jobs/{answer.json()['id']}")
    assert "no human label yet" in failed["error"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "Name the drawn sample"),
        ({"human": "test-split", "sample": "fair"}, 422, "Name the drawn sample"),
        ({"sample": "none"}, 404, "no drawn sample 'none'"),
        ({"sample": "fair", "model": "none"}, 404, "no model 'none'"),
        ({"sample": "fair", "estimator": "guess"}, 404, "guess"),
        ({"sample": "fair", "params": {"folds": 3}}, 422, "folds"),
        ({"sample": "fair", "level": 1}, 400, "level"),
        ({"sample": "fair", "nonresponse": "ignore"}, 400, "nonresponse"),
    ],
)
async def test_requests_that_cannot_be_meant_are_refused_at_once(mara, body, status, said):
    project = await project_of(mara)
    await draw(mara, project, n=10)
    answer = await mara.ask("POST", f"{project}/schemes/animal/estimates", body)
    assert said in problem_of(answer, status)["detail"]


async def test_a_test_split_counts_where_it_is_random_and_whole(mara):
    project = await taught(mara)
    path = f"{project}/schemes/animal"
    tests = (await mara.get(f"{path}/elements", split="test", limit=500))["items"]
    await annotate(mara, path, [each["id"] for each in tests])
    body = {"human": "test-split", "model": "m"}

    result = await estimated(mara, project, **body)
    assert (result["of"], result["n_rows"]) == ("the corpus", N)
    assert {row["estimate"]["n_human"] for row in result["rows"]} == {N_TEST}

    # Not where texts were added to it, by hand
    more = csv_of([{**ROWS[0], "id": "new"}])
    answer = await mara.upload(f"{project}/rows", more, "more.csv", split="test")
    assert answer.status_code < 300, answer.text
    assert "added to the test split" in await refusal(mara, project, **body)


async def test_a_test_split_that_follows_a_column_does_not_count(mara):
    rows = [{**row, "part": "test" if i % 2 else "train"} for i, row in enumerate(ROWS)]
    slug = await mara.project(rows, split={"column": "part"})
    path = await mara.scheme(slug, name="animal", labels=LABELS["multiclass"])
    await annotate(mara, path, [row["id"] for row in rows])
    body = {"human": "test-split", "estimator": "random-sample"}
    assert "what the column 'part' says" in await refusal(mara, f"/projects/{slug}", **body)


async def test_random_draws_count_as_long_as_nothing_else_chose(mara):
    project = await project_of(mara)
    path = f"{project}/schemes/animal"

    async def code_next(n: int, **query: Any) -> None:
        texts = await mara.next(path, n=n, **query)
        given = [
            {"id": t["id"], "value": right(t["text"], "multiclass"), "lease": t["lease"]}
            for t in texts
        ]
        await mara.post(f"{path}/annotations", {"annotations": given})

    await code_next(12, strategy="random")
    body = {"human": "random-draws", "estimator": "random-sample"}
    result = await estimated(mara, project, **body)
    assert (result["of"], result["n_rows"]) == ("the train split", N - N_TEST)
    assert "skipped" in result["notes"][0]

    await code_next(2, strategy="deterministic")
    said = await refusal(mara, project, **body)
    assert "chosen by 'deterministic'" in said
    assert "Draw a sample" in said


# -- plans ----------------------------------------------------------------------------------


async def test_plans_say_how_many_labels_each_estimator_needs(mara):
    project = await project_of(mara)
    query = {"prevalence": 0.3, "half_width": 0.1, "correlation": 0.9}
    found = await mara.get(f"{project}/estimate-plans", **query)
    needed = [each["n_human"] for each in found["plans"]]
    assert needed == sorted(needed)
    assert found["n_rows"] == N
    by = {(each["estimator"], each["design"]): each["n_human"] for each in found["plans"]}
    # 1.96^2 x 0.21 / 0.01, less the finite population correction, of 120: 49.2
    assert by["random-sample", "simple"] in (49, 50)
    assert by["ppi", "simple"] < by["random-sample", "simple"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"prevalence": 0, "half_width": 0.1},
        {"prevalence": 0.3, "half_width": 0.5},
        {"prevalence": 0.3, "half_width": 0.1, "correlation": 1.1},
        {"prevalence": 0.3, "half_width": 0.1, "level": 0.2},
    ],
)
async def test_plans_of_nonsense_are_refused(mara, query):
    project = await project_of(mara)
    problem_of(await mara.ask("GET", f"{project}/estimate-plans", **query), 400)
