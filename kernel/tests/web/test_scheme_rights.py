"""A restricted scheme does not exist for those whom it does not name, on any route."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kodkod.jobs.places import ProjectPlaces
from kodkod.jobs.records import queue
from kodkod.store.artefacts import FeatureRow, ModelRow, add_feature, add_model
from kodkod.store.drawn_samples import DrawnSample, add_sample
from kodkod.store.events import read_events
from kodkod.store.jobs import JobRow
from kodkod.store.people import find_user
from kodkod.store.projections import ProjectionRow, add_projection
from kodkod.store.projects import Project, find_project
from kodkod.store.prompts import PromptRow, PromptVersion, add_prompt
from kodkod.store.topics import TopicList, TopicsRow, add_topics
from kodkod.web.access import Requires
from kodkod.web.reach import models_of

from .talking import Talk
from .test_access_matrix import operations, reading

ROWS = [{"id": f"t{i}", "text": f"text {i} of ten"} for i in range(10)]
SECRET = "secret-stance"
JOB = "0123456789abcdef"
AT = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS = {"scheme", "model", "prompt", "labelling", "sample", "first", "second", "also", "features"}

# What a body needs besides, for the schemes and what is made of them to be looked up.
TEMPLATES: dict[str, Any] = {"system": "s", "user": "{{ text }}"}
BODIES: dict[str, list[dict[str, Any]]] = {
    "next_texts": [
        {"also": ["$scheme"]},
        {"filter": {"drawn_sample": "$sample"}},
        {"filter": {"region": {"projection": "$projection", "box": [0, 0, 1, 1]}}},
    ],
    "browse_table": [
        {},
        {"filter": {"drawn_sample": "$sample"}},
        {"filter": {"region": {"projection": "$projection", "box": [0, 0, 1, 1]}}},
        {"similar": {"text": "hush", "feature": "$feature"}},
    ],
    "browse_rows": [
        {},
        {"filter": {"drawn_sample": "$sample"}},
        {"filter": {"region": {"projection": "$projection", "box": [0, 0, 1, 1]}}},
        {"similar": {"text": "hush", "feature": "$feature"}},
    ],
    "annotate": [{"annotations": [], "next": {"also": ["$scheme"]}}],
    "train_model": [
        {"name": "new", "scheme": "$scheme", "component": "logistic", "features": ["plain"]},
        {"name": "new", "scheme": "open", "component": "logistic", "features": ["$feature"]},
    ],
    "start_thread": [{"id": "t0", "scheme": "$scheme", "text": "hush"}],
    "put_guide": [{"features": ["$feature"]}],
    "simulate": [{"scheme": "$scheme", "model": "logistic", "features": ["plain"]}],
    "create_prompt": [{"name": "new", "scheme": "$scheme", **TEMPLATES}],
    "render_prompt": [{"scheme": "$scheme", **TEMPLATES}],
    "add_prompt_version": [{"base": 1, **TEMPLATES}],
    "create_labelling": [
        {"name": "new", "scheme": "$scheme", "prompt": "any", "labeller": "openai-compatible"},
    ],
    "compare_models": [{"first": "$model", "second": "$model"}],
    "draw_learning_curve": [{"model": "$model"}],
    "draw_sample": [{"name": "new", "plan": {"n": 2, "seed": 1, "model": "$model"}}],
    "estimate_corpus": [
        {"human": "drawn-sample", "sample": "$sample"},
        {"human": "census", "model": "$model"},
    ],
    "estimate_job": [{"kind": "predict", "model": "$model"}],
    "make_projection": [{"name": "new", "feature": "$feature", "component": "pca"}],
    "find_topics": [{"name": "new", "feature": "$feature", "component": "bertopic"}],
    "compute_feature": [
        {"name": "new", "component": "model-predictions", "params": {"model": "$model"}},
    ],
    "change_labels": [{"op": "add", "names": ["x"]}],
    "change_codebook_version": [{"note": "hush"}],
    "put_gold": [{"texts": [{"id": "t0", "value": "pro"}]}],
    "remove_gold": [{"ids": ["t0"]}],
    "write_model": [{"format": "onnx"}],
}
QUERIES: dict[str, list[dict[str, str]]] = {
    "export": [
        {"what": "annotations", "scheme": "$scheme"},
        {"what": "log", "scheme": "$scheme"},
        {"what": "codebook", "scheme": "$scheme"},
        {"what": "predictions", "model": "$model"},
        {"what": "features", "feature": "$feature"},
    ],
    "export_model": [{"model": "$model"}],
    "list_threads": [{"scheme": "$scheme"}],
    "get_agreement": [{"machine": "$model"}],
    "list_label_errors": [{"model": "$model"}],
    "listen": [{"job": "$job"}],
}
HIDDEN = {
    "scheme": SECRET,
    "model": "secret-model",
    "labelling": "secret-labelling",
    "prompt": "secret-prompt",
    "sample": "secret-sample",
    "feature": "secret-feature",
    "projection": "secret-map",
    "topics": "secret-topics",
    "simulation": JOB,
    "job": JOB,
}
ABSENT = {name: "0" * 16 if value == JOB else f"absent-{name}" for name, value in HIDDEN.items()}


@pytest.fixture
async def lead(client, bearer) -> Talk:
    return Talk(client, await bearer("mara"))


@pytest.fixture
async def slug(lead, services) -> str:
    """A project with an open scheme, a restricted one, and one of each that is made of schemes."""
    slug = await lead.project(ROWS)
    for name, role in (("anna", "annotator"), ("cora", "contributor"), ("rita", "reader")):
        await lead.ask("PUT", f"/projects/{slug}/members/{name}", {"role": role})
    await lead.scheme(slug, name="open")
    path = await lead.scheme(slug, name=SECRET)
    await lead.say(path, t1="pro")
    await make_all(services, slug, (await lead.get(path))["id"])
    answer = await lead.ask("PUT", f"{path}/rights", {})
    assert answer.status_code == 200
    return slug


async def make_all(services, slug: str, scheme_id: int) -> None:
    """Store what jobs would have made of the scheme, as far as routes look it up."""
    async with services.database.write() as connection:
        project = await find_project(connection, slug)
        lead = await find_user(connection, "mara")
        for name, labelling in (("secret-model", None), ("secret-labelling", {"prompt_id": "p"})):
            row = {
                "id": name,
                "project_id": project.id,
                "scheme_id": scheme_id,
                "name": name,
                "component": "logistic",
                "params": {},
                "features": [],
                "label_ids": [],
                "n_train": 0,
                "trained_at_seq": 0,
                "corpus_fingerprint": "",
                "seed": 0,
                "scores": {},
                "predicted_rows": None,
                "created_at": AT,
                "training": {},
                "provenance": {},
                "labelling": labelling,
            }
            await add_model(connection, ModelRow(**row))
        prompt = PromptRow(
            id="p",
            project_id=project.id,
            scheme_id=scheme_id,
            name="secret-prompt",
            created_at=AT,
        )
        version = msgspec.convert(
            {
                "prompt_id": "p",
                "number": 1,
                "system": "",
                "user": "",
                "examples": {},
                "note": "",
                "created_by": lead.id,
                "created_at": AT,
            },
            PromptVersion,
        )
        await add_prompt(connection, prompt, version)
        for name, of in (("secret-feature", scheme_id), ("plain", None)):
            feature = FeatureRow(
                id=name,
                project_id=project.id,
                name=name,
                component="tfidf",
                params={},
                dim=2,
                rows=10,
                sparse=False,
                created_at=AT,
                scheme_id=of,
            )
            await add_feature(connection, feature)
        await add_projection(connection, made_of("secret-map", ProjectionRow, project, scheme_id))
        found = {"version": 1, "found": TopicList(outliers=0)}
        topics = made_of("secret-topics", TopicsRow, project, scheme_id, **found)
        await add_topics(connection, topics)
        sample = DrawnSample(
            id="secret-sample",
            project_id=project.id,
            name="secret-sample",
            plan={"n": 2, "seed": 1, "model": "secret-model"},
            population=10,
            strata=[],
            rows=[0, 1],
            stratum_of=[0, 0],
            created_at=AT,
            scheme_id=scheme_id,
        )
        await add_sample(connection, sample)
        job = JobRow(
            id=JOB,
            kind="simulate",
            queue="cpu",
            project_id=project.id,
            user_id=lead.id,
            params={"scheme_id": scheme_id},
            lock_key="x",
            created_at=AT,
            scheme_id=scheme_id,
        )
        await queue(connection, job)
    folder = ProjectPlaces.of(services.settings, slug).simulation(JOB)
    folder.mkdir(parents=True)
    report = {
        "id": JOB,
        "name": "",
        "scheme": SECRET,
        "scheme_id": scheme_id,
        "created_at": AT,
        "metric": "macro-f1",
        "features": [],
        "model": "logistic",
        "params": {},
        "n_rows": 1,
        "n_test": 1,
        "seeds": 1,
        "seed": 0,
        "start": 1,
        "batch": 1,
        "rounds": 1,
        "target": None,
        "whole": {"value": 0.5},
        "strategies": [],
        "notes": [],
    }
    (folder / "report.json").write_bytes(msgspec.json.encode(report))


def made_of(name: str, row: type[Any], project: Project, scheme_id: int, **more: Any) -> Any:
    """Return a map or topics of the feature that is made of the scheme's predictions."""
    values = {
        "id": name,
        "project_id": project.id,
        "name": name,
        "component": "any",
        "params": {},
        "feature_id": "secret-feature",
        "rows": 10,
        "seed": 1,
        "created_at": AT,
        "scheme_id": scheme_id,
        **({"split": None} if row is ProjectionRow else {}),
        **more,
    }
    return row(**values)


def filled(value: Any, names: dict[str, str]) -> Any:
    """Put names in place of `$scheme`, `$model`, ..."""
    if isinstance(value, dict):
        return {key: filled(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, names) for each in value]
    return names[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def probes(app) -> list[tuple[str, str, str, Any, Any, bool]]:
    """Return what to ask of every route that reaches a scheme, or what is made of one."""
    found = []
    for method, path, requires, operation in operations(app):
        if requires is Requires.PUBLIC:
            continue
        named = set(re.findall(r"\{(\w+)\}", path)) & set(HIDDEN)
        for body in BODIES.get(operation, [None]):
            for query in QUERIES.get(operation, [None]):
                fills = "$" in repr(body) + repr(query)
                if named or fills:
                    found.append((operation, method, path, body, query, "{scheme}" in path))
    return found


async def answer_of(
    talk: Talk, slug: str, probe: tuple[str, str, str, Any, Any, bool], names: dict[str, str]
) -> tuple[int, str]:
    """Ask, and return the status and the body with every name made the same."""
    _, method, path, body, query, _ = probe
    fill = {"slug": slug, **names, **(filled(query, {"slug": slug, **names}) or {})}
    if "$" in repr(body) and "{scheme}" in path:
        fill["scheme"] = "open"  # what is looked up is in the body
    url = re.sub(r"\{(\w+)\}", lambda found: fill.get(found[1], "x"), path)
    left = {name: each for name, each in fill.items() if name in (query or {})}
    answer = await talk.client.request(
        method,
        url,
        json=filled(body, names),
        params={k: v for k, v in left.items() if k != "what"} or None,
        headers=talk.headers,
    )
    text = answer.text
    for name in sorted(names.values(), key=len, reverse=True):
        text = text.replace(name, "…")
    return answer.status_code, re.sub(r'"request_id":"\w*"', "", text)


@pytest.mark.parametrize("who", ["cora", "anna", "rita"])
async def test_a_hidden_scheme_is_answered_like_one_that_never_was(app, client, bearer, slug, who):
    talk = Talk(client, await bearer(who))
    wrong, reached = [], 0
    for probe in probes(app):
        # when somebody asks for what is hidden, and for what never was
        hidden = await answer_of(talk, slug, probe, HIDDEN)
        absent = await answer_of(talk, slug, probe, ABSENT)
        reached += absent[0] == 404
        # then both answers are the same, word for word
        if probe[0] == "compute_feature" and hidden[0] == 404:
            continue  # what `model` means is the component's: one that never was fails in the job
        if hidden != absent or hidden[0] < 300:
            wrong.append((probe[0], hidden, absent))
    assert wrong == []
    assert reached > (30 if who == "cora" else 15)


async def test_every_route_that_names_what_is_made_of_schemes_is_asked(app):
    asked = {operation for operation, *_ in probes(app)}
    document = app.openapi_schema.to_schema()
    missing = []
    for item in document["paths"].values():
        for method, operation in item.items():
            if method not in ("get", "post", "put", "patch", "delete"):
                continue
            fields = set(fields_of(document, operation.get("requestBody", {})))
            fields |= {each["name"] for each in operation.get("parameters", [])}
            if fields & FIELDS and operation["operationId"] not in asked:
                missing.append((operation["operationId"], fields & FIELDS))
    # a feature's name alone, of a corpus, not of a scheme, is in the first list too
    assert missing == []


def fields_of(document: dict[str, Any], node: Any, seen: tuple[str, ...] = ()) -> list[str]:
    if isinstance(node, list):
        return [name for each in node for name in fields_of(document, each, seen)]
    if not isinstance(node, dict):
        return []
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[1]
        target = document["components"]["schemas"][name]
        return [] if name in seen else fields_of(document, target, (*seen, name))
    own = list(node.get("properties", {}))
    return own + [name for each in node.values() for name in fields_of(document, each, seen)]


@pytest.mark.parametrize("who", ["cora", "anna", "rita"])
async def test_no_list_has_what_is_hidden(app, client, bearer, slug, who):
    talk = Talk(client, await bearer(who))
    for method, path, requires, operation in operations(app):
        in_project = requires.in_project and set(re.findall(r"\{(\w+)\}", path)) == {"slug"}
        if method != "GET" or not in_project or operation == "plan_estimate":
            continue
        answer = await talk.client.get(path.replace("{slug}", slug), headers=talk.headers)
        assert "secret" not in answer.text, operation
        assert JOB not in answer.text, operation
    for path in ("/jobs", f"/jobs?project={slug}"):
        assert JOB not in (await talk.ask("GET", path)).text


async def test_managers_see_all_of_it(client, lead, slug):
    state = await lead.get(f"/projects/{slug}/state")
    assert [each["name"] for each in state["schemes"]] == ["open", SECRET]
    for what in ("models", "prompts", "features", "drawn-samples", "simulations", "labellings"):
        if what != "labellings":
            assert "secret" in (await lead.ask("GET", f"/projects/{slug}/{what}")).text, what


async def test_whom_a_scheme_names_may_see_it_or_work_with_it_at_once(client, bearer, lead, slug):
    anna, path = Talk(client, await bearer("anna")), f"/projects/{slug}/schemes/{SECRET}"
    assert (await anna.ask("GET", path)).status_code == 404
    # when the scheme names somebody to see it, then it is seen and not worked with
    await lead.ask("PUT", f"{path}/rights", {"users": {"anna": "see"}})
    assert (await anna.ask("GET", path)).status_code == 200
    said = {"annotations": [{"id": "t2", "value": "con"}]}
    for act, body in (
        ("annotations", said),
        ("next", {}),
        ("undo", None),
        ("redo", None),
        ("skip", {"leases": ["x"]}),
    ):
        assert (await anna.ask("POST", f"{path}/{act}", body)).status_code == 403, act
    both = await anna.ask("POST", f"/projects/{slug}/schemes/open/next", {"also": [SECRET]})
    assert both.status_code == 403
    # when it names them to annotate, then they do
    await lead.ask("PUT", f"{path}/rights", {"users": {"anna": "annotate"}})
    assert (await anna.ask("POST", f"{path}/annotations", said)).status_code == 201
    # when it is for everybody again, then nobody is named
    await lead.ask("PUT", f"{path}/rights", {"restricted": False})
    rights = await lead.get(f"{path}/rights")
    assert rights == {"restricted": False, "users": {}, "groups": {}}


async def test_a_contributor_who_may_only_see_a_scheme_changes_nothing_of_it(
    app, client, bearer, lead, slug
):
    cora, path = Talk(client, await bearer("cora")), f"/projects/{slug}/schemes/{SECRET}"
    await lead.ask("PUT", f"{path}/rights", {"users": {"cora": "see"}})
    wrong = []
    for probe in probes(app):
        operation, method, url, body = probe[:4]
        if method == "GET" or operation in reading(app) or "{job}" in url:
            continue
        if "filter" in (body or {}):
            continue  # Whoever narrows texts by what they may see changes nothing of it.
        status, text = await answer_of(cora, slug, probe, HIDDEN)
        absent, _ = await answer_of(cora, slug, probe, ABSENT)
        if status != 403 and (absent == 404 or status < 300):
            wrong.append((operation, status, text))
    # of features, models learn, and a reckoning changes nothing
    assert [each for each in wrong if each[0] not in {"estimate_job", "put_guide"}] == []


async def test_groups_give_rights_with_schemes_as_well(client, bearer, lead, slug):
    path = f"/projects/{slug}/schemes/{SECRET}"
    await lead.post("/groups", {"name": "coders", "members": ["anna"]})
    await lead.ask("PUT", f"{path}/rights", {"groups": {"coders": "annotate"}})
    anna, rita = Talk(client, await bearer("anna")), Talk(client, await bearer("rita"))
    assert (await anna.ask("GET", path)).status_code == 200
    assert (await rita.ask("GET", path)).status_code == 404
    # when the group loses somebody, then so does the scheme, at once
    await lead.ask("DELETE", "/groups/coders/members/anna")
    assert (await anna.ask("GET", path)).status_code == 404


async def test_what_is_left_of_a_deleted_restricted_scheme_stays_hidden(client, bearer, lead, slug):
    answer = await lead.ask("DELETE", f"/projects/{slug}/schemes/{SECRET}")
    assert answer.status_code == 204
    cora = Talk(client, await bearer("cora"))
    assert (await cora.ask("GET", f"/jobs/{JOB}")).status_code == 404
    assert (await cora.get(f"/projects/{slug}/simulations"))["items"] == []
    assert [each["name"] for each in (await cora.get(f"/projects/{slug}/features"))["items"]] == [
        "plain"
    ]


async def test_a_feature_that_a_hidden_scheme_uses_is_not_deleted(client, bearer, lead, slug):
    guide = {"model": "logistic", "features": ["plain"]}
    made = await lead.ask("PUT", f"/projects/{slug}/schemes/{SECRET}/guide", guide)
    assert made.status_code == 200, made.text
    cora = Talk(client, await bearer("cora"))
    answer = await cora.ask("DELETE", f"/projects/{slug}/features/plain")
    assert answer.status_code == 409
    assert SECRET not in answer.text


async def test_events_of_a_hidden_scheme_are_not_told(client, services, bearer, lead, slug):
    from kodkod.web.listening import Wants

    async with services.database.read() as connection:
        events = await read_events(connection, after=0)
        project = await find_project(connection, slug)
    mine = [each for each in events if each.project_id == project.id]
    about = {each.data.get("scheme_id") for each in mine} - {None}
    secret = max(about)
    await services.events._audience.know([project.id])
    members = services.events._audience.of(project.id)
    for name, hears in (("anna", False), ("mara", True)):
        token = (await bearer(name))["Authorization"].split()[1]
        wants = Wants(identity=await services.access.identify(token), project_id=project.id)
        for event in mine:
            heard = wants.may_hear(event, members)
            assert heard is (hears or event.data.get("scheme_id") != secret), event


def test_no_route_reads_what_is_made_of_schemes_past_the_one_place():
    web = Path(models_of.__code__.co_filename).parent
    past = re.compile(
        r"\b(list_(?:models|prompts|samples|features|projections|topics))\(connection"
    )
    reading = {
        (file.name, found[1])
        for file in web.glob("*.py")
        for found in past.finditer(file.read_text())
    }
    # rows that are added concern every feature
    assert {each for each in reading if each[0] != "reach.py"} == {("services.py", "list_features")}
