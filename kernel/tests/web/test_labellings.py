"""Labellings over HTTP: prompts by version, secrets that stay, runs, replies and promotions."""

# ruff: noqa: F811 - the fixtures are imported
from __future__ import annotations

import asyncio
import json

import pytest

from .desk import ROWS, app, mara, toys, work  # noqa: F401
from .talking import Talk, problem_of

PROMPT = {"name": "code", "scheme": "animal", "user": "Text: {{ text }}"}


async def labelling(mara, project, name="llm", **options):
    await mara.post(f"{project}/prompts", {**PROMPT, "name": f"for-{name}"})
    body = {"name": name, "scheme": "animal", "prompt": f"for-{name}", "labeller": "reader"}
    await mara.post(f"{project}/labellings", {**body, **options})
    return f"{project}/labellings/{name}"


async def log_of(mara, project):
    answer = await mara.ask("GET", f"{project}/export/log", format="jsonl", scheme="animal")
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_a_prompt_gets_versions_that_stay(mara):
    project = await mara.classroom("multiclass")
    first = await mara.post(f"{project}/prompts", {**PROMPT, "note": "as it is"})
    assert [version["number"] for version in first["versions"]] == [1]
    path = f"{project}/prompts/code"
    second = {"base": 1, "system": "Code.", "user": "{{ text }}", "note": "shorter"}
    made = await mara.post(f"{path}/versions", second)
    assert [version["number"] for version in made["versions"]] == [2, 1]
    assert made["versions"][1]["user"] == "Text: {{ text }}"
    assert made["versions"][0]["created_by"] == "mara"
    # Somebody who had not seen it is told
    late = await mara.ask("POST", f"{path}/versions", second)
    assert "has a version 2 by now" in problem_of(late, 409)["detail"]
    taken = await mara.ask("POST", f"{project}/prompts", PROMPT)
    assert "already" in problem_of(taken, 409)["detail"]
    assert (await mara.get(f"{project}/prompts"))["items"] == [made]


@pytest.mark.parametrize(
    ("change", "field", "told"),
    [
        ({"user": "{{ nobody }}"}, "user", "'nobody'"),
        ({"system": "{% for x in text %}{% endfor %}"}, "system", "A loop goes over one of"),
        ({"user": "{{ context.year }}"}, "user", "'year'"),
        ({"user": "{{"}, "user", "Line 1"),
        ({"user": "   "}, "user", "is empty"),
        ({"examples": {"how": "nearest"}}, "examples", "need the feature"),
    ],
)
async def test_a_template_that_cannot_be_filled_in_is_refused(mara, change, field, told):
    project = await mara.classroom("multiclass")
    answer = await mara.ask("POST", f"{project}/prompts", {**PROMPT, **change})
    problem = problem_of(answer, 422 if answer.status_code == 422 else 400)
    assert told in problem["detail"]
    assert problem["field"] == field


async def test_a_prompt_is_shown_as_it_would_be_sent(mara):
    project = await mara.classroom("multiclass")
    default = await mara.get(f"{project}/schemes/animal/default-prompt")
    plan = {"how": "balanced", "n": 3}
    body = {**default, "scheme": "animal", "examples": plan, "ids": ["t39"]}
    (shown,) = (await mara.post(f"{project}/prompts/renderings", body))["items"]
    system, user = shown["messages"]
    assert shown["id"] == "t39"
    assert "- cat" in system["content"]
    assert user["content"].count("Answer: {") == 3
    assert user["content"].endswith(f"Text: {ROWS[39]['text']}\nAnswer:")
    # Labels are those of now
    await mara.post(
        f"{project}/schemes/animal/labels", {"op": "rename", "label": "cat", "name": "puss"}
    )
    (shown,) = (await mara.post(f"{project}/prompts/renderings", body))["items"]
    assert "- puss" in shown["messages"][0]["content"]


async def test_a_secret_goes_in_and_never_comes_out(mara, settings):
    project = await mara.classroom("multiclass")
    value = "sk-a-very-secret-value"
    body = {"name": "openai", "value": value, "origin": "https://API.openai.com:443/v1"}
    made = await mara.ask("PUT", f"{project}/secrets", body)
    assert made.status_code == 200, made.text
    assert made.json()["origin"] == "https://api.openai.com"
    listed = await mara.ask("GET", f"{project}/secrets")
    assert [each["name"] for each in listed.json()["items"]] == ["openai"]
    assert value not in made.text + listed.text
    for file in settings.data_dir.rglob("*"):
        assert not file.is_file() or value.encode() not in file.read_bytes(), file
    assert (settings.data_dir / "secret.key").stat().st_mode & 0o077 == 0
    for origin in ("ftp://x", "https://user:pass@host", "nothing"):
        answer = await mara.ask("PUT", f"{project}/secrets", {**body, "origin": origin})
        assert value not in answer.text
        assert problem_of(answer, answer.status_code)["field"] == "origin"
    assert (await mara.ask("DELETE", f"{project}/secrets/openai")).status_code == 204
    assert (await mara.ask("DELETE", f"{project}/secrets/openai")).status_code == 404


async def test_a_labelling_is_planned_run_and_read(mara):
    project = await mara.classroom("multiclass")
    path = await labelling(mara, project, justify=True)
    plan = (await mara.run(f"{path}/plans", {"rows": {"on": "test"}}))["result"]
    assert (plan["rows"], plan["to_ask"], plan["remote"]) == (10, 10, False)
    assert plan["samples"][0][0]["content"].startswith("Text: ")

    run = (await mara.run(f"{path}/runs", {}))["result"]
    assert (run["answered"], run["left"]) == (40, 0)
    shown = await mara.get(path)
    assert shown["totals"]["answered"] == 40
    assert shown["scores"]["test"]["overall"]["accuracy"]["value"] == 1.0
    page = await mara.get(f"{path}/replies", limit=30)
    rest = await mara.get(f"{path}/replies", limit=30, cursor=page["cursor"])
    assert [each["id"] for each in page["items"] + rest["items"]] == [r["id"] for r in ROWS]
    first = page["items"][0]
    assert (first["value"], first["human"], first["justification"]) == ("cat", "cat", "I saw it.")
    assert rest["items"][-1]["human"] is None
    # It is a model like any other, that cannot be taught
    (model,) = (await mara.get(f"{project}/models"))["items"]
    assert (model["kind"], model["predicted_rows"]) == ("labeller", 40)
    table = await mara.table(project, model="llm")
    assert table["prediction"].to_list()[:3] == ["cat", "dog", "none"]
    wrong = await mara.ask("POST", f"{project}/models/llm/predictions", {})
    assert "is a labelling" in problem_of(wrong, wrong.status_code)["detail"]


async def test_what_could_not_be_read_can_be_looked_at(mara):
    project = await mara.classroom("multiclass")
    path = await labelling(mara, project, params={"wrong": "rain", "fails": "dog"})
    await mara.run(f"{path}/runs", {"rows": {"ids": ["t0", "t1", "t2"]}})
    (unparsed,) = (await mara.get(f"{path}/replies", state="unparsed"))["items"]
    assert (unparsed["id"], unparsed["raw"], unparsed["value"]) == ("t2", "unicorn", None)
    (failed,) = (await mara.get(f"{path}/replies", state="failed"))["items"]
    assert (failed["id"], failed["problem"]) == ("t1", "nobody was there")


async def test_answers_count_once_somebody_promotes_them_and_judge_nobody(mara, bearer):
    project = await mara.classroom("multiclass")
    scheme = f"{project}/schemes/animal"
    path = await labelling(mara, project)
    await mara.run(f"{path}/runs", {})
    before = await mara.get(f"{scheme}/statistics")
    too_sure = await mara.ask("POST", f"{path}/promotions", {"min_confidence": 0.95})
    problem_of(too_sure, 409)

    done = await mara.post(f"{path}/promotions", {"rows": {"only": "unannotated"}})
    assert done == {"annotator": "llm/texts/llm", "promoted": 10}
    # The log has who did it, and what came of it
    log = await log_of(mara, project)
    (act,) = [entry for entry in log if entry["op"] == "promote"]
    assert (act["user"], json.loads(act["value"])["rows"]) == ("mara", 10)
    assert sum(entry["source"] == "llm" for entry in log) == 10
    # People have still said nothing of those texts, and get them
    last = (await mara.get(f"{path}/replies", limit=100))["items"][-1]
    assert (last["value"], last["human"]) == ("cat", None)
    after = await mara.get(f"{scheme}/statistics")
    assert after["annotated"] == before["annotated"]
    # They are learnt from, and judge no model
    model = await mara.train(project)
    assert model["n_train"] > sum(1 for _ in ROWS[:30]) - 10
    await mara.run(f"{project}/models/m/predictions", {})
    models = (await mara.get(f"{project}/models"))["items"]
    scores = next(each for each in models if each["name"] == "m")["scores"]
    judged = sum(report["n"] for report in scores.values())
    assert judged == 30
    # Nobody can sign in as the machine, and no list of people has it
    root = Talk(mara.client, await bearer("root"))
    names = [user["username"] for user in (await root.get("/users"))["items"]]
    assert "mara" in names
    assert not [name for name in names if name.startswith("llm/")]
    sign_in = {"username": "llm/texts/llm", "password": "x"}
    refused = await mara.client.post("/api/v1/auth/token", data=sign_in)
    problem_of(refused, 401)

    gone = await mara.ask("DELETE", f"{path}/promotions")
    assert gone.status_code == 200, gone.text
    again = await mara.ask("DELETE", f"{path}/promotions")
    problem_of(again, 409)
    log = await log_of(mara, project)
    acts = [json.loads(entry["value"]) for entry in log if entry["op"] == "promote"]
    assert [act["withdrawn"] for act in acts] == [False, True]


async def test_an_answer_of_which_no_label_is_left_is_not_promoted(mara):
    project = await mara.classroom("multiclass")
    path = await labelling(mara, project)
    await mara.run(f"{path}/runs", {})
    await mara.post(f"{project}/schemes/animal/labels", {"op": "delete", "label": "none"})
    await mara.post(
        f"{project}/schemes/animal/labels", {"op": "merge", "labels": ["dog"], "into": "cat"}
    )
    done = await mara.post(f"{path}/promotions", {})
    assert done["promoted"] == sum("rain" not in row["text"] for row in ROWS)
    rain = [row["id"] for row in ROWS if "rain" in row["text"]]
    nothing = await mara.ask("POST", f"{path}/promotions", {"rows": {"ids": rain}})
    assert "None of the texts has such an answer" in problem_of(nothing, 409)["detail"]


async def test_answers_are_suggested_to_whoever_asks_for_them(mara):
    project = await mara.classroom("multiclass")
    path = await labelling(mara, project, justify=True, params={"wrong": "rain"})
    scheme = f"{project}/schemes/animal"
    query = {"n": 10, "split": "all", "strategy": "deterministic"}
    assert all(e["suggestion"] is None for e in await mara.next(scheme, **query, suggestions=True))
    await mara.run(f"{path}/runs", {})
    silent = await mara.next(scheme, **query)
    assert all(element["suggestion"] is None for element in silent)
    # The server hears of what a worker has done a moment later
    wish = {**query, "sample": {"kind": "all"}, "suggestions": True}
    told: list = []
    async with asyncio.timeout(20):
        while not any(element["suggestion"] for element in told):
            told = await mara.next(scheme, **wish)
            await asyncio.sleep(0.05)
    for element in told:
        if "rain" in element["text"]:
            assert element["suggestion"] is None
            continue
        assert element["suggestion"] == {
            "by": "llm",
            "kind": "llm",
            "value": "cat" if "cat" in element["text"] else "dog",
            "confidence": 0.9,
            "justification": "I saw it.",
        }


async def test_a_labelling_is_refused_for_what_it_cannot_ask(mara):
    project = await mara.classroom("multiclass")
    await mara.post(f"{project}/prompts", PROMPT)
    slug = project.rpartition("/")[2]
    await mara.scheme(slug, name="mood")
    good = {"name": "llm", "scheme": "animal", "prompt": "code", "labeller": "reader"}
    for change, status, told in (
        ({"scheme": "mood"}, 422, "for another scheme"),
        ({"prompt": "none"}, 404, "no prompt 'none'"),
        ({"version": 7}, 404, "no version 7"),
        ({"labeller": "nobody"}, 404, "nobody"),
        ({"params": {"wolf": 1}}, 422, "wolf"),
    ):
        answer = await mara.ask("POST", f"{project}/labellings", {**good, **change})
        assert told in problem_of(answer, status)["detail"], answer.text
    await mara.post(f"{project}/labellings", good)
    taken = await mara.ask("POST", f"{project}/labellings", good)
    problem_of(taken, 409)
    used = await mara.ask("DELETE", f"{project}/prompts/code")
    assert "delete the labelling first" in problem_of(used, 409)["detail"]
    assert (await mara.ask("DELETE", f"{project}/labellings/llm")).status_code == 204
    assert (await mara.ask("DELETE", f"{project}/prompts/code")).status_code == 204
