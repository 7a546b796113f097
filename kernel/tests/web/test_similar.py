"""The table by similarity: to words, to a text; and nothing of what is hidden is compared."""

from __future__ import annotations

import asyncio
import io

import numpy as np
import polars as pl
import pytest

from kodkod.jobs.kinds.encode import Encoded
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.similarity import Likeness
from kodkod.store.artefacts import FeatureRow, add_feature
from kodkod.store.database import now
from kodkod.store.events import EventRow
from kodkod.store.files import whole_folder
from kodkod.store.jobs import list_jobs
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.projects import find_project

from .talking import Talk, problem_of

N = 12
ROWS = [{"id": f"t{i}", "text": f"text {i}", "year": 2000 + i} for i in range(N)]
# A fan of directions: the further apart two texts are, the less alike; 3 and 4 are the same,
# 10 has no length, and 11 has no vector yet.
ANGLES = np.linspace(0, np.pi / 2, N - 1)
ANGLES[4] = ANGLES[3]
VECTORS = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1).astype(np.float32) * 3
VECTORS[10] = 0


@pytest.fixture
async def slug(mara) -> str:
    slug = await mara.project(ROWS, context_columns=["year"])
    await mara.admit(slug, "anna")
    await mara.admit(slug, "rita", role="reader")
    return slug


@pytest.fixture
async def path(mara, slug) -> str:
    return await mara.scheme(slug)


@pytest.fixture
async def rita(client, bearer) -> Talk:
    return Talk(client, await bearer("rita"))


@pytest.fixture
def put(services, slug):
    """Store a feature as its job does."""

    async def put(name="meaning", matrix=VECTORS, **more) -> None:
        async with services.database.read() as connection:
            project = await find_project(connection, slug)
        rows, dim = matrix.shape
        row = {"component": "tfidf-svd", "params": {}, "dim": dim, "rows": rows, "sparse": False}
        place = ProjectPlaces.of(services.settings, slug).feature(name)
        manifest = Manifest(corpus_fingerprint="", **row)
        with whole_folder(place) as aside:
            MatrixFolder(aside).write(matrix, manifest)
        made = {"id": name, "project_id": project.id, "name": name, "created_at": now()}
        await services.database.change(add_feature, FeatureRow(**made | row | more))
        await services.residency.reload_artefacts(project.id)

    return put


@pytest.fixture
def worker(services, monkeypatch):
    """Encode words as a worker would, which tells what it was asked for."""
    asked: list[str] = []

    async def submit(self, kind, params, **more):
        assert kind == "encode"
        asked.append(params["text"])
        known = {"north": [0.0, 5.0], "nothing": [0.0, 0.0], "bad": None}[params["text"]]
        data = {"id": f"job{len(asked)}", "kind": kind, "state": "done", "error": None}
        if known is None:
            data |= {"state": "failed", "error": "no such model"}
        else:
            data["result"] = {"feature": params["feature_id"], "vector": known}
            assert Encoded(**data["result"])
        event = EventRow(id=1, project_id=1, type="job.done", data=data, created_at=now())
        asyncio.get_running_loop().call_later(0.01, services.encoder.heard, event)

        class Job:
            id = data["id"]

        return Job()

    monkeypatch.setattr("kodkod.jobs.dispatcher.Dispatcher.submit", submit)
    return asked


async def ids(talk: Talk, path: str, similar: dict, **query) -> list[str]:
    page = await talk.post(f"{path}/table", {"limit": 500, "similar": similar, **query})
    assert page["total"] == len(page["elements"])
    return [each["id"] for each in page["elements"]]


async def test_the_most_similar_come_first_ties_by_row_and_what_has_no_vector_last(rita, path, put):
    await put()
    page = await rita.post(f"{path}/table", {"similar": {"id": "t0"}})
    # given that 3 and 4 are alike to the last bit, and 10 is like nothing
    assert [each["id"] for each in page["elements"]] == [f"t{i}" for i in range(N)]
    said = [each["similarity"] for each in page["elements"]]
    assert said[:10] == pytest.approx(np.cos(ANGLES[:10]), abs=1e-5)
    assert said[3] == said[4]
    assert said[10:] == [0, None]
    assert (await ids(rita, path, {"id": "t9"}))[:3] == ["t9", "t8", "t7"]


async def test_words_are_encoded_once_by_a_worker(rita, mara, path, put, worker):
    await put()
    for talk in (rita, mara):
        for offset in (0, 4):
            query = {"similar": {"text": "north"}, "offset": offset, "limit": 4}
            page = await talk.post(f"{path}/table", query)
            assert page["elements"][0]["id"] == ["t9", "t5"][offset // 4]
    assert worker == ["north"]
    await ids(rita, path, {"id": "t0"})
    assert worker == ["north"]


async def test_it_joins_with_filters_other_orders_and_a_least_similarity(rita, path, put):
    await put()
    where = {"where": [{"column": "year", "op": "ge", "value": 2005}]}
    assert (await ids(rita, path, {"id": "t0"}, filter=where))[:2] == ["t5", "t6"]
    least = float(np.cos(ANGLES[4])) - 0.001
    close = {"id": "t0", "least": least}
    assert await ids(rita, path, close) == ["t0", "t1", "t2", "t3", "t4"]
    down = [{"by": "id", "descending": True}]
    assert await ids(rita, path, close, sort=down) == ["t4", "t3", "t2", "t1", "t0"]
    up = [{"by": "similarity"}, {"by": "row"}]
    assert await ids(rita, path, close, sort=up) == ["t3", "t4", "t2", "t1", "t0"]
    # what has no vector is last either way, and never among the similar ones
    assert (await ids(rita, path, {"id": "t0"}, sort=up))[-1] == "t11"
    assert "t11" not in await ids(rita, path, {"id": "t0", "least": -1})


async def test_a_map_gets_the_similarity_of_every_row(rita, path, put):
    await put()
    query = {"similar": {"id": "t0"}, "sort": [{"by": "row"}]}
    answer = await rita.ask("POST", f"{path}/table/rows", query)
    frame = pl.read_ipc_stream(io.BytesIO(answer.content))
    assert frame["row"].to_list() == list(range(N))
    assert frame["similarity"][:10].to_numpy() == pytest.approx(np.cos(ANGLES[:10]), abs=1e-5)
    assert frame["similarity"][11] is None


async def test_an_order_is_that_of_the_vectors_there_are(rita, path, put):
    await put("early", VECTORS[:8])
    assert (await ids(rita, path, {"id": "t0"}))[8:] == ["t8", "t9", "t10", "t11"]
    # when newer vectors are there, they count, and the others by their name
    await put("late", VECTORS[::-1].copy())
    assert (await ids(rita, path, {"id": "t10"}))[0] == "t10"
    assert (await ids(rita, path, {"id": "t7", "feature": "early"}))[0] == "t7"
    answer = await rita.ask("POST", f"{path}/table", {"similar": {"id": "t8", "feature": "early"}})
    assert "no vector" in problem_of(answer, 409)["detail"]


async def test_what_models_have_learnt_of_answers_is_not_compared(mara, rita, path, put):
    scheme = await mara.get(path)
    await put("taught", VECTORS, scheme_id=scheme["id"])
    await put("counts", VECTORS, sparse=True)
    shown = (await mara.get(f"/projects/{path.split('/')[2]}/features"))["items"]
    assert not any(each["comparable"] for each in shown)
    for talk in (mara, rita):
        answer = await talk.ask("POST", f"{path}/table", {"similar": {"id": "t0"}})
        assert "compute one first" in problem_of(answer, 409)["detail"]
        for name, word in (("taught", "model"), ("counts", "sparse"), ("absent", "no feature")):
            query = {"similar": {"id": "t0", "feature": name}}
            problem = problem_of(await talk.ask("POST", f"{path}/table", query), 422)
            assert word in problem["detail"]
            assert problem["field"] == "similar.feature"


@pytest.mark.parametrize(
    ("status", "query", "word"),
    [
        (422, {"similar": {}}, "not both"),
        (422, {"similar": {"text": "north", "id": "t1"}}, "not both"),
        (404, {"similar": {"id": "t99"}}, "t99"),
        (422, {"similar": {"id": "t10"}}, "makes nothing"),
        (422, {"similar": {"text": "nothing"}}, "makes nothing"),
        (503, {"similar": {"text": "bad"}}, "no such model"),
        (422, {"sort": [{"by": "similarity"}]}, "Similar to what?"),
        (400, {"similar": {"text": ""}}, "text"),
        (400, {"similar": {"id": "t1", "least": 2}}, "least"),
        (400, {"similar": {"id": "t1", "most": 2}}, "most"),
    ],
)
async def test_what_cannot_be_compared_says_why(status, query, word, rita, path, put, worker):
    await put()
    problem = problem_of(await rita.ask("POST", f"{path}/table", query), status)
    assert word in problem["detail"]


async def test_who_is_outside_the_project_compares_nothing(client, bearer, path, put, services):
    await put()
    otto = Talk(client, await bearer("otto"))
    problem_of(await otto.ask("POST", f"{path}/table", {"similar": {"text": "north"}}), 404)
    async with services.database.read() as connection:
        assert await list_jobs(connection, limit=10) == []


async def test_similarity_tells_nothing_of_answers_that_are_hidden(mara, client, bearer, path, put):
    await put()
    anna = Talk(client, await bearer("anna"))
    task = {"name": "b", "assignees": ["anna"], "texts": {"n": 8, "seed": 1}, "blind": True}
    await mara.post(f"{path}/tasks", {**task, "hide_predictions": True})
    before = await anna.post(f"{path}/table", {"similar": {"id": "t0"}})
    await mara.say(path, **{f"t{i}": "con" for i in range(N)})
    after = await anna.post(f"{path}/table", {"similar": {"id": "t0"}})
    assert [(e["id"], e["similarity"]) for e in after["elements"]] == [
        (e["id"], e["similarity"]) for e in before["elements"]
    ]


def test_cosines_are_those_of_a_novice_in_blocks_and_out_of_order():
    rng = np.random.default_rng(1)
    matrix = rng.standard_normal((2_000, 300), dtype=np.float32)
    direction = matrix[7] / np.linalg.norm(matrix[7])
    naive = (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)) @ direction
    likeness = Likeness(matrix, direction, "k")
    assert likeness.of(np.arange(2_000)) == pytest.approx(naive, abs=2e-6)
    rows = rng.permutation(2_000)[:900]
    assert likeness.of(rows) == pytest.approx(naive[rows], abs=2e-6)
    assert likeness.of(np.array([], dtype=np.int64)).shape == (0,)
