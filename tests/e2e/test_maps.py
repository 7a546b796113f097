"""Maps and topics of a real corpus by a server and its workers, while the corpus grows."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import polars as pl
import pytest

from corpora import shared_file
from server_process import ServerProcess

N, LATER = 400, 40
API = "/api/v1"


@pytest.fixture
def root(server: ServerProcess) -> Iterator[httpx.Client]:
    form = {"username": "root", "password": server.root_password}
    token = httpx.post(f"{server.url}{API}/auth/token", data=form).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=server.url + API, headers=headers, timeout=60) as client:
        yield client


@pytest.fixture
def slug(root: httpx.Client, tmp_path: Path) -> str:
    """A project of news of four kinds; the kind is a context column."""
    frame = pl.read_parquet(shared_file("ag_news.parquet")).head(N + LATER)
    kind = next(name for name in frame.columns if name != "text")
    frame = frame.select(
        pl.int_range(pl.len()).cast(pl.String).alias("id"), "text", pl.col(kind).alias("kind")
    )
    frame.head(N).write_parquet(tmp_path / "news.parquet")
    frame.tail(LATER).write_parquet(tmp_path / "more.parquet")
    config = '{"name": "News", "id_column": "id", "text_columns": ["text"], '
    config += '"context_columns": ["kind"], "language": "en"}'
    with (tmp_path / "news.parquet").open("rb") as file:
        answer = root.post("/projects", files={"file": file}, data={"config": config})
    assert answer.status_code == 201, answer.text
    return answer.json()["slug"]


def done(root: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    """Wait until a job is over, and see that it went well."""
    deadline = time.monotonic() + 240
    while job["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, job
        time.sleep(0.1)
        job = root.get(f"/jobs/{job['id']}").json()
    assert job["state"] == "done", job["error"]
    return job


def run(root: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = root.post(path, json=body)
    assert answer.status_code == 202, answer.text
    return done(root, answer.json())


def sizes(shown: dict[str, Any]) -> dict[int, int]:
    return {topic["id"]: topic["size"] for topic in shown["topics"]}


@pytest.mark.slow
def test_maps_and_topics_of_a_corpus_that_grows(
    root: httpx.Client, slug: str, tmp_path: Path
) -> None:
    # Given a map of a feature, and topics found by it
    project = f"/projects/{slug}"
    run(root, f"{project}/features", {"name": "words", "component": "tfidf-svd"})
    run(root, f"{project}/projections", {"name": "near", "feature": "words", "component": "pca"})
    body = {"name": "themes", "feature": "words", "params": {"reducer": "pca", "min_size": 5}}
    run(root, f"{project}/topics", body)
    found = root.get(f"{project}/topics/themes").json()
    assert len(found["topics"]) > 1
    assert sum(sizes(found).values()) + found["outliers"] == N
    assert found["params"]["language"] == "en"

    # When two topics are merged, and that is taken back
    first, second = (topic["id"] for topic in found["topics"][:2])
    operation = {"op": "merge", "ids": [first, second]}
    run(root, f"{project}/topics/themes/operations", operation)
    merged = root.get(f"{project}/topics/themes").json()
    assert sizes(merged)[first] == sizes(found)[first] + sizes(found)[second]
    undone = root.post(f"{project}/topics/themes/undo").json()
    assert sizes(undone) == sizes(found)

    # and rows are added
    membership = {"component": "topic-membership", "params": {"topics": "themes"}}
    run(root, f"{project}/features", {"name": "membership", **membership})
    points = pl.read_ipc_stream(
        io.BytesIO(
            root.get(f"{project}/projections/near/points", params={"topic": "themes"}).content
        )
    )
    with (tmp_path / "more.parquet").open("rb") as file:
        answer = root.post(f"{project}/rows", files={"file": file}, data={"split": "train"})
    assert answer.json()["n_rows"] == N + LATER

    # Then the map and the topics follow, and what was there stays
    deadline = time.monotonic() + 240
    while True:
        (near,) = root.get(f"{project}/projections").json()["items"]
        themes = root.get(f"{project}/topics/themes").json()
        if near["rows"] == themes["rows"] == N + LATER:
            break
        assert time.monotonic() < deadline, (near, themes["rows"])
        time.sleep(0.2)
    assert sum(sizes(themes).values()) + themes["outliers"] == N + LATER
    grown = pl.read_ipc_stream(
        io.BytesIO(
            root.get(f"{project}/projections/near/points", params={"topic": "themes"}).content
        )
    )
    assert grown.height == N + LATER
    assert grown.head(N).select("row", "x", "y").equals(points.select("row", "x", "y"))
    assert grown.head(N)["topic"].cast(pl.String).equals(points["topic"].cast(pl.String))
    assert np.isfinite(grown.select("x", "y").to_numpy()).all()
    counted = root.get(f"{project}/topics/themes/by-column", params={"column": "kind"}).json()
    assert sum(each["texts"] for each in counted["counts"]) == N + LATER
