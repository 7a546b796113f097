"""The client over real HTTP."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kodkod_sdk import (
    Client,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    JobFailedError,
    NoAnswerError,
    ProjectConfig,
    ServerError,
    UnauthenticatedError,
    WaitTimeoutError,
)

HEALTH = {"status": "ok", "version": "0.1.0", "workers": 1, "problems": []}
ACCOUNT = {
    "username": "ada",
    "role": "annotator",
    "active": True,
    "created_at": "2026-01-02T03:04:05Z",
    "groups": [],
    "projects": [],
    "preferences": {"mode": None, "language": None, "colors": None, "tours": []},
}
Lay = Callable[..., Any]


def grant(token: str) -> dict[str, str]:
    return {
        "access_token": token,
        "token_type": "bearer",
        "expires_at": "2026-01-02T15:04:05Z",
        "username": "ada",
    }


def problem(status: int, **more: Any) -> dict[str, Any]:
    return {"type": "t", "title": "Title", "status": status, "detail": "Do this.", **more}


def job(state: str, **more: Any) -> dict[str, Any]:
    return {
        "id": "j1",
        "kind": "feature",
        "subject": "tfidf",
        "queue": "cpu",
        "project": "p",
        "user": "ada",
        "params": {},
        "state": state,
        "progress": 0.5,
        "message": "half-way",
        "metrics": {},
        "result": None,
        "error": None,
        "warning": "",
        "seconds": None,
        "expected": None,
        "energy": None,
        "wh": None,
        "g_co2e": None,
        "created_at": "2026-01-02T03:04:05Z",
        "started_at": None,
        "finished_at": None,
        "eta": None,
        **more,
    }


def test_no_token_is_asked_for_before_it_is_needed(loopback: Any, answer: Lay) -> None:
    # Given a client with a password
    loopback.lay("POST /api/v1/auth/token", answer(200, grant("one")))
    loopback.lay("GET /api/v1/me", answer(200, ACCOUNT))
    client = Client(loopback.url, username="ada", password="secret & more")
    assert loopback.seen == []

    # When it asks twice
    with client:
        assert client.me().username == "ada"
        client.me()

    # Then it signed in once, by the OAuth2 form, and sent the token each time
    signed_in, *asked = loopback.seen
    assert signed_in.content_type == "application/x-www-form-urlencoded"
    assert b"username=ada&password=secret+%26+more" in signed_in.body
    assert [each.authorization for each in asked] == ["Bearer one", "Bearer one"]


def test_a_session_that_ended_is_renewed_once(loopback: Any, answer: Lay) -> None:
    loopback.lay("POST /api/v1/auth/token", answer(200, grant("one")), answer(200, grant("two")))
    loopback.lay(
        "GET /api/v1/me",
        answer(200, ACCOUNT),
        answer(401, problem(401)),
        answer(200, ACCOUNT),
    )
    with Client(loopback.url, username="ada", password="secret") as client:
        client.me()
        client.me()
    assert loopback.seen[-1].authorization == "Bearer two"


def test_a_wrong_password_is_told_and_not_tried_again(loopback: Any, answer: Lay) -> None:
    loopback.lay("POST /api/v1/auth/token", answer(401, problem(401)))
    with (
        Client(loopback.url, username="ada", password="wrong") as client,
        pytest.raises(UnauthenticatedError),
    ):
        client.me()
    assert len(loopback.seen) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, InvalidInputError),
        (403, ForbiddenError),
        (409, ConflictError),
        (413, InvalidInputError),
        (503, ServerError),
    ],
)
def test_a_problem_is_raised_by_its_status(
    loopback: Any, answer: Lay, status: int, error: type[Exception]
) -> None:
    body = problem(status, field="name", line=3)
    loopback.lay("GET /api/v1/health", answer(status, body, "application/problem+json"))
    with Client(loopback.url) as client, pytest.raises(error, match=r"Do this\.") as raised:
        client.health()
    assert raised.value.problem.field_ == "name"  # pyright: ignore[reportAttributeAccessIssue]


def test_an_answer_that_is_not_kodkods_is_told_too(loopback: Any, answer: Lay) -> None:
    # Given a proxy's page instead of a problem
    loopback.lay("GET /api/v1/health", answer(502, b"<h1>Bad Gateway</h1>", "text/html"))
    with Client(loopback.url) as client, pytest.raises(ServerError, match="Bad Gateway"):
        client.health()


def test_nobody_listens() -> None:
    with Client("http://127.0.0.1:1") as client, pytest.raises(NoAnswerError):
        client.health()


def test_a_list_is_walked_page_by_page(loopback: Any, answer: Lay) -> None:
    loopback.lay("GET /api/v1/jobs", answer(200, {"items": [job("done")], "cursor": "7"}))
    loopback.lay(
        "GET /api/v1/jobs?cursor=7", answer(200, {"items": [job("failed")], "cursor": None})
    )
    with Client(loopback.url, token="t") as client:
        jobs = client.jobs()
        assert next(jobs).state == "done"
        assert len(loopback.seen) == 1, "the second page was fetched before it was needed"
        assert [each.state for each in jobs] == ["failed"]


def test_waiting_returns_when_the_job_is_done(loopback: Any, answer: Lay) -> None:
    loopback.lay(
        "GET /api/v1/jobs/j1",
        answer(200, job("queued")),
        answer(200, job("running")),
        answer(200, job("done", result={"feature": "f"})),
    )
    told: list[str] = []
    with Client(loopback.url, token="t") as client:
        done = client.job("j1").wait(on_progress=lambda view: told.append(view.state), every=0)
    assert done.result == {"feature": "f"}
    assert told == ["running"]


def test_waiting_for_a_job_that_fails_or_lasts(loopback: Any, answer: Lay) -> None:
    loopback.lay("GET /api/v1/jobs/j1", answer(200, job("running")))
    with Client(loopback.url, token="t") as client:
        waited_for = client.job("j1")
        with pytest.raises(WaitTimeoutError):
            waited_for.wait(timeout=0)
        loopback.lay("GET /api/v1/jobs/j1", answer(200, job("failed", error="no labels")))
        with pytest.raises(JobFailedError, match="no labels"):
            waited_for.wait()


def test_a_file_and_its_config_are_uploaded(loopback: Any, answer: Lay, tmp_path: Path) -> None:
    # Given a corpus and a server that makes a project of it by a job
    corpus = tmp_path / "texts.csv"
    corpus.write_bytes(b"id,text\n1,\xc3\xa9t\xc3\xa9\n")
    loopback.lay("POST /api/v1/projects", answer(202, job("queued")))
    loopback.lay("GET /api/v1/jobs/j1", answer(200, job("done", result={"project": "summer"})))

    # When it is created
    with Client(loopback.url, token="t") as client:
        config = ProjectConfig(name="Summer", text_columns=["text"])
        project = client.create_project(corpus, config)

    # Then the file went as it is, the config as JSON, and the job was waited for
    assert project.slug == "summer"
    sent = loopback.seen[0].body
    assert b'filename="texts.csv"' in sent
    assert corpus.read_bytes() in sent
    assert b'"text_columns":["text"]' in sent


def test_an_export_is_written_as_it_is(loopback: Any, answer: Lay, tmp_path: Path) -> None:
    path = "/api/v1/projects/p/export/annotations?format=csv&scheme=s"
    loopback.lay(f"GET {path}", answer(200, b"id,label\r\n1,a\r\n", "text/csv"))
    with Client(loopback.url, token="t") as client:
        project = client.project("p")
        target = project.export_to(tmp_path / "a.csv", "annotations", "csv", scheme="s")
        assert target.read_bytes() == b"id,label\r\n1,a\r\n"
        assert project.export("annotations", "csv", scheme="s") == target.read_bytes()


def test_an_export_that_is_refused_leaves_no_file(
    loopback: Any, answer: Lay, tmp_path: Path
) -> None:
    path = "/api/v1/projects/p/export/annotations?format=doc"
    loopback.lay(f"GET {path}", answer(400, problem(400)))
    with Client(loopback.url, token="t") as client, pytest.raises(InvalidInputError):
        client.project("p").export_to(tmp_path / "a.doc", "annotations", "doc")
    assert list(tmp_path.iterdir()) == []


def test_the_sdk_needs_neither_kernel_nor_arrays() -> None:
    code = "import sys, kodkod_sdk; print(*(m.partition('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"kodkod", "numpy", "polars", "torch", "litestar", "pyarrow"}
