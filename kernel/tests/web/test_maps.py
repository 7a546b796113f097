"""Projections and topics over HTTP, their files written as jobs write them."""

from __future__ import annotations

import io
import math
from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from kodkod.api import InvalidInputError, Topic, TopicWord
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.corpus import LiveCorpus
from kodkod.project.importing import CONTEXT
from kodkod.project.map_columns import context_column
from kodkod.store.artefacts import FeatureRow, add_feature
from kodkod.store.database import now
from kodkod.store.files import whole_folder
from kodkod.store.jobs import list_jobs
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.projections import ProjectionRow, add_projection
from kodkod.store.projects import find_project
from kodkod.store.topic_versions import TopicVersion, add_version, write_assigned
from kodkod.store.topics import TopicList, TopicsRow, add_topics

from .talking import Talk, problem_of

N = 12
ROWS = [
    {
        "id": f"t{i}",
        "text": f"text {i}",
        "day": f"2026-0{1 + i % 3}-1{i % 10}",
        "year": 2020 + i % 2,
        "place": "north" if i < 6 else "",
    }
    for i in range(N)
]
POINTS = np.array([[i, i % 2] for i in range(N)], dtype=np.float32)
ASSIGNED = np.array([-1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 4, 4], dtype=np.int32)


def topic(id_: int, word: str) -> Topic:
    size = int((id_ == ASSIGNED).sum())
    first = int(np.flatnonzero(id_ == ASSIGNED)[0])
    words = (TopicWord(word, 2.0), TopicWord("text", 0.5))
    return Topic(id=id_, size=size, name=f"{word}, text", words=words, representative=(first,))


FOUND = TopicList(topics=(topic(0, "cats"), topic(1, "dogs"), topic(4, "dogs")), outliers=1)


@pytest.fixture
async def slug(mara) -> str:
    return await mara.project(ROWS, context_columns=["day", "year", "place"])


@pytest.fixture
async def project(services, slug):
    async with services.database.read() as connection:
        return await find_project(connection, slug)


@pytest.fixture
async def vectors(services, project) -> str:
    row = FeatureRow(
        id="f1",
        project_id=project.id,
        name="vectors",
        component="tfidf-svd",
        params={},
        dim=2,
        rows=N,
        sparse=False,
        created_at=now(),
    )
    await services.database.change(add_feature, row)
    return row.id


@pytest.fixture
def put_map(services, project, vectors):
    """Make a map as its job does."""

    async def put(id_="p1", name="map", points=POINTS, split=None, rows=None) -> None:
        places = ProjectPlaces.of(services.settings, project.slug)
        manifest = Manifest(
            component="pca", params={}, corpus_fingerprint="", rows=N, dim=2, sparse=False
        )
        with whole_folder(places.projection(id_)) as aside:
            MatrixFolder(aside).write(points, manifest)
            if rows is not None:
                np.save(aside / "rows.npy", np.array(rows, dtype=np.int64))
        row = ProjectionRow(
            id=id_,
            project_id=project.id,
            name=name,
            component="pca",
            params={},
            feature_id=vectors,
            split=split,
            rows=N,
            seed=0,
            created_at=now(),
        )
        await services.database.change(add_projection, row)
        await services.residency.reload_artefacts(project.id)

    return put


@pytest.fixture
async def found(services, project, vectors) -> str:
    """The path of topics as their job leaves them."""
    places = ProjectPlaces.of(services.settings, project.slug)
    version = TopicVersion(parent=0, operation="found", state=1, rows=N, found=FOUND)
    with whole_folder(places.topics("x1")) as aside:
        (aside / "states" / "1" / "fitted").mkdir(parents=True)
        write_assigned(aside / "states" / "1", ASSIGNED)
        add_version(aside, version)
    row = TopicsRow(
        id="x1",
        project_id=project.id,
        name="themes",
        component="bertopic",
        params={},
        feature_id=vectors,
        rows=N,
        version=1,
        found=FOUND,
        seed=0,
        created_at=now(),
    )
    await services.database.change(add_topics, row)
    return f"/projects/{project.slug}/topics/themes"


def refused(answer) -> str:
    """Return why a request was refused, by its shape (400) or by what it says (422)."""
    return problem_of(answer, 400 if answer.status_code == 400 else 422)["detail"]


async def table(who: Talk, path: str, **query) -> pl.DataFrame:
    answer = await who.ask("GET", path, **query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/vnd.apache.arrow.stream")
    return pl.read_ipc_stream(io.BytesIO(answer.content))


# -- projections ----------------------------------------------------------------------------


async def test_a_map_is_asked_for_listed_and_deleted(mara, slug, services, vectors, put_map):
    path = f"/projects/{slug}/projections"
    job = await mara.post(
        path, {"name": "near", "feature": "vectors", "params": {"neighbours": 5}, "split": "train"}
    )
    assert (job["kind"], job["subject"]) == ("projection", "pacmap")
    async with services.database.read() as connection:
        (row,) = await list_jobs(connection, states=("queued",))
    assert row.params["feature_id"] == vectors
    assert row.params["split"] == "train"

    await put_map()
    (info,) = (await mara.get(path))["items"]
    assert (info["name"], info["feature"], info["split"], info["rows"]) == (
        "map",
        "vectors",
        None,
        N,
    )
    again = await mara.ask("POST", path, {"name": "map", "feature": "vectors"})
    assert "already" in problem_of(again, 409)["detail"]

    answer = await mara.ask("DELETE", f"{path}/map")
    assert answer.status_code == 204
    assert (await mara.get(path))["items"] == []
    assert list((services.settings.projects / slug / "projections").iterdir()) == []
    problem_of(await mara.ask("GET", f"{path}/map/points"), 404)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"feature": "nothing"}, 404, "no feature"),
        ({"feature": "vectors", "params": {"neighbors": 5}}, 422, "neighbors"),
        ({"feature": "vectors", "component": "none"}, 404, "pacmap"),
        ({"feature": "vectors", "split": "trian"}, 400, "split"),
    ],
)
async def test_a_map_that_cannot_be_made_is_refused(mara, slug, vectors, body, status, said):
    answer = await mara.ask("POST", f"/projects/{slug}/projections", {"name": "m", **body})
    assert said in problem_of(answer, status)["detail"]


async def test_points_come_with_what_is_asked_for(mara, slug, put_map, found):
    # Given a map, one point of which is not defined, and answers
    points = POINTS.copy()
    points[3] = np.nan
    await put_map(points=points)
    path = await mara.scheme(slug)
    await mara.say(path, t1="pro", t2="con")
    many = await mara.scheme(slug, name="both", type="multilabel")
    await mara.say(many, t1=["pro", "con"])
    where = f"/projects/{slug}/projections/map/points"

    plain = await table(mara, where)
    assert plain.columns == ["row", "x", "y", "id"]
    assert plain["id"].to_list() == [f"t{i}" for i in range(N)]
    assert plain["x"].to_list() == [i if i != 3 else None for i in range(N)]
    assert plain.schema["x"] == pl.Float32

    all_ = await table(
        mara, where, label="stance", annotator="stance", topic="themes", split="true"
    )
    assert all_["label"].to_list()[:4] == [None, "pro", "con", None]
    assert all_["annotator"].to_list()[:4] == [None, "mara", "mara", None]
    assert all_["split"].to_list() == ["train"] * N
    assert all_["topic"].to_list()[::3] == [None, "cats, text", "dogs, text", "dogs, text"]
    several = await table(mara, where, label="both")
    assert several["label"].to_list()[1] in ("pro + con", "con + pro")

    problem_of(await mara.ask("GET", where, label="nothing"), 404)
    problem_of(await mara.ask("GET", where, prediction="nothing"), 404)
    problem_of(await mara.ask("GET", where, topic="nothing"), 404)


async def test_points_are_coloured_by_disagreement_and_time(mara, slug, put_map, client, bearer):
    # Given texts that one, or two, have coded
    await put_map()
    path = await mara.scheme(slug)
    await mara.admit(slug, "anna")
    anna = Talk(client, await bearer("anna"))
    await mara.say(path, t1="pro", t2="con", t4="pro")
    await anna.say(path, t1="pro", t2="pro")
    where = f"/projects/{slug}/projections/map/points"

    shown = await table(mara, where, disagreement="stance", time="stance", bare="true")

    assert shown.columns == ["row", "disagreement", "time"]
    assert shown["disagreement"].to_list()[:5] == [None, "agree", "disagree", None, None]
    times = shown["time"].to_list()
    assert shown.schema["time"] == pl.Datetime("ms", "UTC")
    assert [each is not None for each in times[:5]] == [False, True, True, False, True]
    problem_of(await mara.ask("GET", where, disagreement="nothing"), 404)
    problem_of(await mara.ask("GET", where, time="nothing"), 404)


async def test_points_are_coloured_by_a_context_column(mara, put_map, project, slug):
    await put_map()
    where = f"/projects/{slug}/projections/map/points"
    year = await table(mara, where, context="year")
    assert year.schema["context"] == pl.Float64
    assert year["context"].to_list()[:2] == [2020, 2021]
    day = await table(mara, where, context="day")
    assert day["context"].to_list()[0] is not None
    answer = await mara.ask("GET", where, context="nothing")
    assert "there are day, year, place" in refused(answer)


def test_of_a_context_column_the_commonest_values_have_a_colour():
    # Given 13 values, the first of them twice, and a text without one
    values = ["k0", *(f"k{i}" for i in range(13)), None]
    column = context_column(corpus_of(values), "kind")
    assert column.to_list()[:3] == ["k0", "k0", "k1"]
    assert column.to_list()[-1] is None
    assert column.to_list().count("other") == 1
    assert column.n_unique() == 14  # twelve, the others, and none

    moments = context_column(corpus_of([date(2026, 1, 2), None]), "kind")
    assert moments.to_list() == [datetime(2026, 1, 2, tzinfo=UTC), None]
    flags = context_column(corpus_of([True, False, None]), "kind")
    assert flags.to_list() == ["true", "false", None]
    with pytest.raises(InvalidInputError, match="lists or records"):
        context_column(corpus_of([["a"], ["b"]]), "kind")


def corpus_of(values: list[object]) -> LiveCorpus:
    n = len(values)
    frame = pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(n)],
            "text": ["text"] * n,
            "split": pl.Series([0] * n, dtype=pl.UInt8),
            f"{CONTEXT}kind": values,
        }
    )
    return LiveCorpus(frame, ["kind"])


async def test_the_rows_of_a_table_are_those_that_pass_its_filter(mara, slug, put_map):
    await put_map()
    path = await mara.scheme(slug)
    region = {"projection": "map", "box": [2, 0, 5, 1]}
    body = {"filter": {"region": region}, "sort": [{"by": "row", "descending": True}]}
    answer = await mara.ask("POST", f"{path}/table/rows", body)
    assert answer.status_code == 200, answer.text
    shown = pl.read_ipc_stream(io.BytesIO(answer.content))
    assert shown.schema == {"row": pl.UInt32}
    assert shown["row"].to_list() == [5, 4, 3, 2]


async def test_a_region_of_a_map_is_a_filter(mara, slug, put_map):
    await put_map()
    path = await mara.scheme(slug)

    async def drawn(**region) -> list[str]:
        filter_ = {"region": {"projection": "map", **region}}
        query = {"filter": filter_, "n": 50, "strategy": "deterministic", "sample": {"kind": "all"}}
        return [each["id"] for each in await mara.next(path, **query)]

    # A box holds its edges; a polygon is closed by itself
    assert await drawn(box=[2, 0, 5, 0.5]) == ["t2", "t4"]
    assert await drawn(polygon=[[0.5, 0.5], [6.5, 0.5], [3.5, 9]]) == ["t1", "t3", "t5"]
    # crossing itself it is out where it is in twice
    star = [
        [6 + 9 * math.sin(4 * math.pi * k / 5), 0.5 + 9 * math.cos(4 * math.pi * k / 5)]
        for k in range(5)
    ]
    assert "t6" not in await drawn(polygon=star)

    for wrong, said in [
        ({}, "box or a polygon"),
        ({"box": [0, 0, 1, 1], "polygon": [[0, 0], [1, 0], [0, 1]]}, "not both"),
        ({"polygon": [[0, 0], [1, 1]]}, "three corners"),
        ({"box": [5, 0, 1, 1]}, "least x"),
        ({"projection": "other", "box": [0, 0, 1, 1]}, "there are map"),
    ]:
        body = {"filter": {"region": {"projection": "map", **wrong}}}
        answer = await mara.ask("POST", f"{path}/next", body)
        assert said in refused(answer)


async def test_a_region_is_of_the_map_that_has_the_name_now(mara, slug, put_map):
    # Given texts drawn from a region of a map
    await put_map()
    path = await mara.scheme(slug)
    query = {"filter": {"region": {"projection": "map", "box": [0, 0, 1, 1]}}, "n": 50}
    first = {each["id"] for each in await mara.next(path, **query)}
    assert first == {"t0", "t1"}

    # When the map is deleted and another one, of a few rows, gets its name
    await mara.ask("DELETE", f"/projects/{slug}/projections/map")
    rows = [7, 9]
    await put_map("p2", "map", np.zeros((2, 2), dtype=np.float32), "train", rows)

    # Then the region is of that one
    second = {each["id"] for each in await mara.next(path, **query)}
    assert second == {"t7", "t9"}
    shown = await table(mara, f"/projects/{slug}/projections/map/points")
    assert shown["row"].to_list() == rows


# -- topics ---------------------------------------------------------------------------------


async def test_topics_are_asked_for_in_the_projects_language(mara, slug, services, vectors):
    path = f"/projects/{slug}/topics"
    job = await mara.post(path, {"name": "t", "feature": "vectors", "params": {"min_size": 5}})
    assert (job["kind"], job["subject"]) == ("topics", "bertopic")
    assert job["params"]["params"] == {"min_size": 5, "language": "en"}
    answer = await mara.ask("POST", path, {"name": "t2", "feature": "nothing"})
    problem_of(answer, 404)


async def test_topics_are_shown_with_their_words_and_texts(mara, slug, found):
    (listed,) = (await mara.get(f"/projects/{slug}/topics"))["items"]
    shown = await mara.get(found)
    assert listed == shown
    assert (shown["version"], shown["operation"], shown["outliers"]) == (1, "found", 1)
    first = shown["topics"][0]
    assert (first["id"], first["size"], first["named"]) == (0, 5, False)
    assert first["words"][0] == {"word": "cats", "weight": 2.0}
    assert first["representative"] == ["t1"]
    given = await table(mara, f"{found}/texts")
    assert given["topic_id"].to_list() == [None if i < 0 else i for i in ASSIGNED.tolist()]
    assert given["topic"].to_list()[:2] == [None, "cats, text"]


async def test_names_are_kept_as_a_version_and_can_be_undone(mara, slug, found):
    answer = await mara.ask("PATCH", found, {"names": {"0": " Cats  and more ", "4": "Hounds"}})
    shown = answer.json()
    assert [each["name"] for each in shown["topics"]] == ["Cats and more", "dogs, text", "Hounds"]
    assert [each["named"] for each in shown["topics"]] == [True, False, True]
    assert (shown["version"], shown["operation"]) == (2, "rename")

    for names, said in [
        ({"7": "x"}, "no topic 7"),
        ({"x": "x"}, "whole numbers"),
        ({"0": " "}, "characters"),
        ({"0": "Hounds"}, "merge"),
        ({}, "names"),
    ]:
        assert said in refused(await mara.ask("PATCH", found, {"names": names}))

    # Undone it is as before; what is done then gets a number that none had
    assert (await mara.post(f"{found}/undo"))["version"] == 1
    assert (await mara.get(found))["topics"][0]["name"] == "cats, text"
    assert "Nothing" in problem_of(await mara.ask("POST", f"{found}/undo"), 409)["detail"]
    answer = await mara.ask("PATCH", found, {"names": {"0": "Felines"}})
    assert answer.json()["version"] == 3


async def test_an_operation_is_queued_once_and_checked_before(mara, found):
    for body, said in [
        ({"op": "merge", "ids": [0]}, "two topics"),
        ({"op": "merge", "ids": [0, 0]}, "two topics"),
        ({"op": "merge", "ids": [0, 9]}, "no topic 9"),
        ({"op": "split", "ids": [0, 1]}, "1 topic"),
        ({"op": "split", "ids": [0], "into": 1}, "into"),
        ({"op": "explode"}, "op"),
    ]:
        answer = await mara.ask("POST", f"{found}/operations", body)
        assert said in refused(answer)
    job = await mara.post(f"{found}/operations", {"op": "merge", "ids": [0, 1]})
    assert (job["kind"], job["params"]["version"]) == ("topic-operation", 1)
    problem_of(await mara.ask("POST", f"{found}/operations", {"op": "reduce-outliers"}), 409)


async def test_topics_are_counted_over_time_and_by_column(mara, found):
    months = (await mara.get(f"{found}/over-time", column="day", every="quarter"))["counts"]
    assert months == [
        {"value": "2026-01-01", "topic": 0, "texts": 5},
        {"value": "2026-01-01", "topic": 1, "texts": 4},
        {"value": "2026-01-01", "topic": 4, "texts": 2},
        {"value": "2026-01-01", "topic": None, "texts": 1},
    ]
    monthly = (await mara.get(f"{found}/over-time", column="day"))["counts"]
    assert {each["value"] for each in monthly} == {"2026-01-01", "2026-02-01", "2026-03-01"}
    assert sum(each["texts"] for each in monthly) == N
    years = (await mara.get(f"{found}/over-time", column="year", every="year"))["counts"]
    assert {each["value"] for each in years} == {"2020-01-01", "2021-01-01"}

    places = (await mara.get(f"{found}/by-column", column="place"))["counts"]
    assert [(each["value"], each["topic"], each["texts"]) for each in places] == [
        ("north", 0, 5),
        ("north", None, 1),
        (None, 1, 4),
        (None, 4, 2),
    ]
    for path, column, said in [
        ("over-time", "place", "no dates"),
        ("over-time", "nothing", "there are day"),
        ("by-column", "nothing", "there are day"),
    ]:
        answer = await mara.ask("GET", f"{found}/{path}", column=column)
        assert said in refused(answer)


async def test_topics_become_a_scheme(mara, slug, found):
    made = await mara.post(f"{found}/scheme", {"name": "themes"})
    names = [label["name"] for label in made["labels"]]
    assert names == ["cats, text", "dogs, text (1)", "dogs, text (4)"]
    assert "- **cats, text**: cats, text" in made["codebook"]
    some = await mara.post(f"{found}/scheme", {"name": "some", "type": "multilabel", "topics": [4]})
    assert [label["name"] for label in some["labels"]] == ["dogs, text"]
    answer = await mara.ask("POST", f"{found}/scheme", {"name": "none", "topics": [9]})
    assert "no topic 9" in refused(answer)


async def test_topics_are_deleted_with_their_files(mara, slug, found, services):
    assert (await mara.ask("DELETE", found)).status_code == 204
    assert (await mara.get(f"/projects/{slug}/topics"))["items"] == []
    assert list((services.settings.projects / slug / "topics").iterdir()) == []


async def test_projections_and_topics_are_kinds_of_component(mara):
    kinds = {each["kind"] for each in await mara.get("/components")}
    assert {"projection", "topic-model"} <= kinds
    names = [each["name"] for each in await mara.get("/components", kind="projection")]
    assert sorted(names) == ["pacmap", "pca", "tsne", "umap"]
