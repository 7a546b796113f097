"""What needs workers: features that follow new rows, large imports, news of jobs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import polars as pl
import pytest

from kodkod_sdk import Client
from kodkod_sdk.errors import JobFailedError
from kodkod_sdk.generated.contract import Membership, NewAccount, NewFeature, ProjectConfig
from server_process import ServerProcess

CONFIG = ProjectConfig(name="Growing", id_column="id", text_columns=["text"])


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Give a server that leaves every import to a worker."""
    folder = tmp_path_factory.mktemp("small") / "data"
    with ServerProcess(folder, environment={"KODKOD_INLINE_IMPORT_MB": "0"}) as running:
        yield running


@pytest.fixture
def root(small: ServerProcess) -> Iterator[Client]:
    with Client(small.url, username="root", password=small.root_password) as client:
        yield client


def table(path: Path, first: int, n: int) -> Path:
    words = ("cats purr", "dogs bark", "birds sing")
    rows = range(first, first + n)
    frame = {"id": [f"{i:04}" for i in rows], "text": [f"{words[i % 3]} {i}" for i in rows]}
    pl.DataFrame(frame).write_csv(path)
    return path


def headers(server: ServerProcess, name: str, password: str) -> dict[str, str]:
    form = {"username": name, "password": password}
    token = httpx.post(f"{server.url}/api/v1/auth/token", data=form).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def heard(server: ServerProcess, who: dict[str, str], until: str, last: str = "") -> list[tuple]:
    """Listen until an event of a job in the state `until`; return (id, type, data) of all."""
    sent = {**who, **({"Last-Event-ID": last} if last else {})}
    events: list[tuple] = []
    parts: dict[str, str] = {}
    with httpx.stream("GET", f"{server.url}/api/v1/events", headers=sent, timeout=60) as stream:
        for line in stream.iter_lines():
            if line:
                name, _, value = line.partition(": ")
                parts[name] = value
            elif "event" in parts:
                events.append((int(parts["id"]), parts["event"], json.loads(parts["data"])))
                if parts["event"] == until:
                    return events
                parts = {}
    return events


def test_features_follow_new_rows_and_news_of_it_is_complete(
    small: ServerProcess, root: Client, tmp_path: Path
) -> None:
    # Given a project made by a worker, with a feature
    project = root.create_project(table(tmp_path / "a.csv", 0, 60), CONFIG)
    project.create_feature(NewFeature(name="tfidf", component="tfidf-svd")).wait()
    (before,) = project.features()
    old = pl.read_parquet(project.export("features", "parquet", feature="tfidf"))

    # When rows are added
    assert project.add_rows(table(tmp_path / "b.csv", 60, 15)).n_rows == 75
    for job in root.jobs():
        if job.kind == "extend-feature":
            root.job(job.id).wait()

    # Then the feature covers them, and nothing was computed anew
    (after,) = project.features()
    assert (after.id, after.dim, after.rows) == (before.id, before.dim, 75)
    new = pl.read_parquet(project.export("features", "parquet", feature="tfidf"))
    assert new.head(60).equals(old)
    assert new["id"].to_list() == [f"{i:04}" for i in range(75)]
    assert list((small.data_dir / "uploads").iterdir()) == []
    # (A download is deleted once it is sent, which the client may know before.)
    deadline = time.monotonic() + 10
    while list((small.data_dir / "downloads").iterdir()):
        assert time.monotonic() < deadline, "a download was not deleted"
        root.health()

    # And whoever listens from the first event on hears all, from the middle the rest
    me = headers(small, "root", small.root_password)
    everything = heard(small, me, "job.done", "0")
    ids = [id_ for id_, _, _ in everything]
    assert ids == sorted(set(ids))
    middle = everything[len(everything) // 2][0]
    again = heard(small, me, "job.done", str(middle))
    assert [id_ for id_, _, _ in again] == [id_ for id_ in ids if id_ > middle]


def test_a_large_import_that_is_refused_leaves_nothing(
    small: ServerProcess, root: Client, tmp_path: Path
) -> None:
    before = sorted(info.slug for info in root.projects())
    broken = tmp_path / "broken.csv"
    broken.write_text("id,text\na,one\na,two\n")
    with pytest.raises(JobFailedError, match="'a'"):
        root.create_project(broken, CONFIG)
    assert sorted(info.slug for info in root.projects()) == before
    assert sorted(each.name for each in (small.data_dir / "projects").iterdir()) == before
    assert list((small.data_dir / "uploads").iterdir()) == []


def test_an_outsider_hears_nothing_and_streams_end_with_the_server(
    small: ServerProcess, root: Client, tmp_path: Path
) -> None:
    # Given a member and an outsider
    for name in ("ina", "outis"):
        root.create_user(NewAccount(username=name, password="correct horse battery"))
    project = root.create_project(table(tmp_path / "a.csv", 0, 30), CONFIG)
    project.set_member("ina", Membership(role="annotator"))
    project.create_feature(NewFeature(name="tfidf", component="tfidf-svd")).wait()
    member, outsider = (headers(small, n, "correct horse battery") for n in ("ina", "outis"))

    # Then the member hears of the project's jobs
    assert heard(small, member, "job.done", "0")[-1][1] == "job.done"

    # And the outsider's stream ends with the server, having said nothing
    with httpx.stream(
        "GET", f"{small.url}/api/v1/events", headers={**outsider, "Last-Event-ID": "0"}, timeout=30
    ) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith(":")
        small.stop(timeout=20)
        assert [line for line in lines if line.startswith(("event:", "data:"))] == []
