"""Prompts over HTTP: begun with, written as versions, shown for texts before anything is asked."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from kodkod.jobs.places import ProjectPlaces
from kodkod.store.artefacts import FeatureRow, add_feature, delete_feature
from kodkod.store.database import now
from kodkod.store.files import whole_folder
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.projects import find_project

from .talking import Talk, at_once, problem_of

N = 12
ROWS = [
    {"id": f"t{i}", "text": f"text {i}", "year": 2020 + i, "place": "north" if i < 6 else ""}
    for i in range(N)
]
USER = "{% for e in examples %}{{ e.id }}={{ e.value }} {% endfor %}| {{ text }}"


@pytest.fixture
async def slug(mara) -> str:
    return await mara.project(ROWS, context_columns=["year", "place"])


@pytest.fixture
async def stance(mara, slug) -> str:
    return await mara.scheme(slug, name="stance", labels=["pro", "con"], codebook="Be *fair*.")


@pytest.fixture
async def path(slug, stance) -> str:
    return f"/projects/{slug}/prompts"


@pytest.fixture
async def anna(client, bearer, mara, slug) -> Talk:
    await mara.ask("PUT", f"/projects/{slug}/members/anna", {"role": "annotator"})
    return Talk(client, await bearer("anna"))


@pytest.fixture
async def feature(services, slug) -> str:
    """Texts in a circle, so that the nearest are those of the next numbers."""
    async with services.database.read() as connection:
        project = await find_project(connection, slug)
    angles = np.arange(N) * (2 * np.pi / N)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    manifest = Manifest(
        component="circle", params={}, corpus_fingerprint="", rows=N, dim=2, sparse=False
    )
    with whole_folder(ProjectPlaces.of(services.settings, slug).feature("f1")) as aside:
        MatrixFolder(aside).write(points, manifest)
    for id_, name, sparse in (("f1", "circle", False), ("f2", "words", True)):
        row = FeatureRow(
            id=id_,
            project_id=project.id,
            name=name,
            component="circle",
            params={},
            dim=2,
            rows=N,
            sparse=sparse,
            created_at=now(),
        )
        await services.database.change(add_feature, row)
    return "circle"


def new(**values: object) -> dict[str, object]:
    return {"name": "code", "scheme": "stance", "user": "{{ text }}", **values}


async def shown(talk: Talk, path: str, **values: object) -> dict[str, str]:
    """Return what the user's turn is of each text."""
    body = {"scheme": "stance", "user": USER, **values}
    items = (await talk.post(f"{path}/renderings", body))["items"]
    return {each["id"]: each["messages"][-1]["content"] for each in items}


async def test_a_prompt_is_made_listed_and_deleted(mara, anna, path):
    examples = {"how": "random", "n": 3, "feature": None, "per_text": False, "seed": 4}
    made = await mara.post(path, new(system="Be brief.", examples=examples, note="a try"))

    assert (made["name"], made["scheme"]) == ("code", "stance")
    (version,) = made["versions"]
    assert {name: version[name] for name in ("number", "system", "user", "note", "created_by")} == {
        "number": 1,
        "system": "Be brief.",
        "user": "{{ text }}",
        "note": "a try",
        "created_by": "mara",
    }
    assert version["examples"] == examples
    # Annotators read prompts, and do not write them.
    assert (await anna.get(path))["items"] == [made]
    assert await anna.get(f"{path}/code") == await anna.get(f"{path}/{made['id']}") == made
    problem_of(await anna.ask("POST", path, new(name="mine")), 403)

    assert (await mara.ask("DELETE", f"{path}/code")).status_code == 204
    assert (await mara.get(path))["items"] == []
    problem_of(await mara.ask("GET", f"{path}/code"), 404)


async def test_a_version_is_added_to_the_newest_and_changes_none(mara, path):
    await mara.post(path, new())
    second = {"user": "Text: {{ text }}", "base": 1, "note": "clearer"}

    made = await mara.post(f"{path}/code/versions", second)
    assert [(each["number"], each["user"]) for each in made["versions"]] == [
        (2, "Text: {{ text }}"),
        (1, "{{ text }}"),
    ]

    # Who began with the first is told of the second, and adds nothing.
    late = await mara.ask("POST", f"{path}/code/versions", {**second, "user": "late {{ text }}"})
    assert "has a version 2 by now" in problem_of(late, 409)["detail"]
    assert await mara.get(f"{path}/code") == made


async def test_of_many_who_add_a_version_at_once_one_does(app, bearer):
    second = {"user": "Text: {{ text }}", "base": 1}
    async with at_once(app, await bearer("mara")) as talk:
        slug = await talk.project(ROWS)
        await talk.scheme(slug)
        path = f"/projects/{slug}/prompts"
        await talk.post(path, new())
        asked = (talk.ask("POST", f"{path}/code/versions", second) for _ in range(8))
        answers = await asyncio.gather(*asked)
        made = await talk.get(f"{path}/code")
    assert sorted(each.status_code for each in answers) == [201, *[409] * 7]
    assert len(made["versions"]) == 2


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"user": "one\n{{ txt }}"}, 422, "Line 2 of the user template: There is no name 'txt'"),
        ({"system": "{{ context.yaer }}"}, 422, "There is no 'yaer' in context; it has place"),
        ({"user": "{{ text.__class__ }}"}, 422, "There is no '__class__' in text"),
        ({"user": "  "}, 422, "The user template is empty"),
        ({"user": ""}, 400, "length >= 1"),
        ({"user": "x" * 50_001}, 400, "length <= 50000"),
        ({"user": "a\0{{ text }}"}, 422, "characters that are no text"),
        ({"name": "Two words"}, 400, "name"),
        ({"scheme": "other"}, 404, "no scheme 'other'"),
        ({"examples": {"how": "nearest"}}, 422, "need the feature that says what is near"),
        ({"examples": {"how": "random", "feature": "circle"}}, 422, "others need none"),
        ({"examples": {"how": "nearest", "feature": "gone"}}, 404, "no feature 'gone'"),
        ({"examples": {"how": "nearest", "feature": "words"}}, 422, "'words' is sparse"),
        ({"examples": {"how": "best"}}, 400, "how"),
        ({"examples": {"n": 101}}, 400, "n"),
        ({"temperature": 1}, 400, "unknown field"),
    ],
)
async def test_a_prompt_that_cannot_work_is_refused_and_not_kept(
    mara, path, feature, body, status, said
):
    answer = await mara.ask("POST", path, new(**body))
    assert said in problem_of(answer, status)["detail"]
    assert (await mara.get(path))["items"] == []
    if status == 422:
        assert answer.json()["field"] in {"user", "system", "examples"}
        await mara.post(path, new())
        version = {"user": "{{ text }}", "base": 1, **body}
        problem_of(await mara.ask("POST", f"{path}/code/versions", version), status)


async def test_a_name_is_taken_once(mara, path):
    await mara.post(path, new())
    assert "'code' already" in problem_of(await mara.ask("POST", path, new()), 409)["detail"]


@pytest.mark.parametrize("type_", ["multiclass", "multilabel", "span"])
async def test_a_scheme_has_a_prompt_to_begin_with(mara, anna, slug, path, type_):
    scheme = await mara.scheme(slug, name="topic", type=type_, labels=["art", "sport"])
    begun = await anna.get(f"{scheme}/default-prompt")

    made = await mara.post(path, new(scheme="topic", **begun))
    assert made["versions"][0]["system"] == begun["system"]
    (first, *_) = (await mara.post(f"{path}/renderings", {"scheme": "topic", **begun}))["items"]
    system, user = first["messages"]
    assert "- art\n- sport" in system["content"]
    assert user["content"] == "Text: text 0\nAnswer:"


async def test_a_prompt_is_shown_as_it_would_be_sent(mara, anna, path, stance):
    body = {
        "scheme": "stance",
        "system": "{{ codebook }} {{ labels|join(', ', 'name') }}",
        "user": "{{ id }}: {{ text }} ({{ context.year }}, {{ context.place }})",
        "ids": ["t7", "t0"],
    }
    items = (await mara.post(f"{path}/renderings", body))["items"]
    assert items == [
        {
            "id": id_,
            "messages": [
                {"role": "system", "content": "Be *fair*. pro, con"},
                {"role": "user", "content": said},
            ],
        }
        for id_, said in (("t7", "t7: text 7 (2027, )"), ("t0", "t0: text 0 (2020, north)"))
    ]
    # Without ids, of the first texts; and nothing is kept.
    assert list(await shown(mara, path)) == ["t0", "t1", "t2"]
    assert (await mara.get(path))["items"] == []
    problem_of(await anna.ask("POST", f"{path}/renderings", body), 403)
    problem_of(await mara.ask("POST", f"{path}/renderings", {**body, "ids": ["t99"]}), 404)
    too_many = {**body, "ids": [f"t{i % N}" for i in range(21)]}
    problem_of(await mara.ask("POST", f"{path}/renderings", too_many), 400)


async def test_labels_are_shown_as_they_are_called_now(mara, path, stance):
    await mara.post(f"{stance}/labels", {"op": "rename", "label": "pro", "name": "for it"})
    await mara.post(f"{stance}/labels", {"op": "delete", "label": "con"})
    await mara.say(stance, t1="for it")
    user = "{{ labels|join('/', 'name') }}: {{ examples|join(' ', 'value') }}"
    said = await shown(mara, path, user=user, examples={"how": "random"}, ids=["t0"])
    assert said["t0"] == "for it: for it"


async def test_examples_are_what_people_said_of_other_texts_to_learn_from(mara, bearer, client):
    # Given texts of the train and the test split, annotated
    rows = [{**row, "part": "test" if i < 4 else "train"} for i, row in enumerate(ROWS)]
    slug = await mara.project(rows, split={"column": "part"})
    scheme = await mara.scheme(slug, name="stance", labels=["pro", "con"])
    await mara.say(scheme, t0="pro", t1="con", t5="pro", t6="con", t7="con")

    said = await shown(
        mara, f"/projects/{slug}/prompts", ids=["t0", "t5"], examples={"how": "random", "n": 9}
    )
    said = {id_: set(words.split(" | ")[0].split()) for id_, words in said.items()}

    assert said == {"t0": {"t5=pro", "t6=con", "t7=con"}, "t5": {"t6=con", "t7=con"}}


async def test_the_nearest_examples_are_near_by_the_feature(mara, services, path, stance, feature):
    await mara.say(stance, t1="pro", t3="con", t6="con", t11="pro")
    nearest = {"how": "nearest", "n": 2, "feature": feature}
    said = await shown(mara, path, ids=["t0", "t4", "t6"], examples=nearest)
    assert set(said["t0"].split(" | ")[0].split()) == {"t1=pro", "t11=pro"}
    assert said["t4"] == "t6=con t3=con | text 4"
    # A text is no example of itself, however near.
    assert said["t6"].endswith("t3=con | text 6")

    # A feature that is deleted is missed before anything is asked.
    await services.database.change(delete_feature, "f1")
    body = {"scheme": "stance", "user": USER, "examples": nearest}
    problem_of(await mara.ask("POST", f"{path}/renderings", body), 404)


async def test_balanced_examples_show_each_label(mara, path, stance):
    await mara.say(stance, **{f"t{i}": "con" for i in range(1, 9)}, t9="pro")
    said = await shown(mara, path, ids=["t0"], examples={"how": "balanced", "n": 2})
    assert sorted(each.partition("=")[2] for each in said["t0"].split(" | ")[0].split()) == [
        "con",
        "pro",
    ]


async def test_a_template_that_takes_too_long_is_refused_for_the_text(mara, path, stance):
    user = "{% for a in labels %}{% for b in labels %}{{ text }}" + "{{ text|upper }}" * 2000
    user += "{% endfor %}{% endfor %}"
    for i in range(120):
        await mara.post(f"{stance}/labels", {"op": "add", "name": f"label {i}"})
    body = {"scheme": "stance", "user": user, "ids": ["t3"]}
    answer = await mara.ask("POST", f"{path}/renderings", body)
    assert "for the text 't3': it" in problem_of(answer, 422)["detail"]


async def test_prompts_go_with_their_scheme(mara, slug, path, stance):
    await mara.scheme(slug, name="topic")
    await mara.post(path, new())
    await mara.post(path, new(name="other", scheme="topic"))
    assert (await mara.ask("DELETE", stance)).status_code == 204
    assert [each["name"] for each in (await mara.get(path))["items"]] == ["other"]


async def test_another_project_has_no_part_in_them(mara, path):
    made = await mara.post(path, new())
    other = await mara.project(ROWS, name="Other")
    problem_of(await mara.ask("GET", f"/projects/{other}/prompts/{made['id']}"), 404)
    problem_of(await mara.ask("DELETE", f"/projects/{other}/prompts/{made['id']}"), 404)
    assert len((await mara.get(path))["items"]) == 1
