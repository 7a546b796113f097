from __future__ import annotations

import errno

import pytest
from litestar import post
from litestar.params import FromPath
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from kodkod import api
from kodkod.web.access import Requires
from kodkod.web.problems import problem_of

TYPE = "application/problem+json"
HIDDEN = "/srv/secret/path"

RAISED = {
    "bug": lambda: RuntimeError(HIDDEN),
    "plugin": lambda: api.PluginError(HIDDEN),
    "database": lambda: OperationalError("SELECT", {}, Exception(HIDDEN)),
    "full": lambda: OSError(errno.ENOSPC, HIDDEN),
    "missing": lambda: FileNotFoundError(errno.ENOENT, HIDDEN),
}


@post("/raise/{what:str}", operation_id="raise_it", requires=Requires.PUBLIC)
async def raise_it(what: FromPath[str]) -> None:
    raise RAISED[what]()


@pytest.mark.parametrize(
    ("error", "status", "type_"),
    [
        (api.InvalidInputError("m"), 422, "invalid-input"),
        (api.InvalidParamsError("m"), 422, "invalid-params"),
        (api.InvalidValueError("m"), 422, "invalid-value"),
        (api.ImportProblemError("m", line=3, column="text"), 422, "import"),
        (api.UnauthenticatedError("m"), 401, "unauthenticated"),
        (api.ForbiddenError("m"), 403, "forbidden"),
        (api.NotFoundError("m"), 404, "not-found"),
        (api.ConflictError("m"), 409, "conflict"),
        (api.RequestError("m"), 400, "invalid-request"),
        (api.UnavailableError("m"), 503, "unavailable"),
    ],
)
def test_each_deliberate_error_has_its_status_and_keeps_its_message(error, status, type_):
    problem, _ = problem_of(error, "/x")
    assert (problem.status, problem.type, problem.detail) == (status, f"/problems/{type_}", "m")


def test_a_fault_in_a_file_says_where():
    problem, _ = problem_of(api.ImportProblemError("m", line=3, column="text"), "/x")
    assert (problem.line, problem.column) == (3, "text")


@pytest.mark.parametrize(
    ("what", "status"),
    [("bug", 500), ("plugin", 500), ("missing", 500), ("database", 503), ("full", 503)],
)
async def test_the_server_keeps_its_insides_to_itself_and_to_its_log(app, client, what, status):
    app.register(raise_it)
    with capture_logs() as lines:
        answer = await client.post(f"/raise/{what}", headers={"X-Request-ID": "trace-1234"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == TYPE
    assert HIDDEN not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json()["request_id"] == "trace-1234"
    (line,) = [line for line in lines if line["event"] == "request failed"]
    assert HIDDEN in str(line["exc_info"])


@pytest.mark.parametrize(
    ("method", "path", "send", "status"),
    [
        ("GET", "/api/v1/nowhere", {}, 404),
        ("GET", "/api/v2/me", {}, 404),
        ("POST", "/api/v1/nowhere", {}, 404),
        ("DELETE", "/api/v1/health", {}, 405),
        ("POST", "/api/v1/auth/token", {"json": {"username": "anna"}}, 400),
        ("POST", "/api/v1/auth/token", {"data": {"username": "anna"}}, 400),
        ("POST", "/api/v1/auth/token", {"data": {"username": "a", "password": "b" * 70_000}}, 413),
    ],
)
async def test_what_the_framework_refuses_is_a_problem_too(client, method, path, send, status):
    answer = await client.request(method, path, **send)
    assert answer.status_code == status
    assert answer.headers["content-type"] == TYPE
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


async def test_a_refused_method_says_which_are_taken(client):
    answer = await client.delete("/api/v1/health")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe", b'{"username": 3}'])
async def test_a_body_that_cannot_be_read_is_the_clients_fault(client, bearer, body):
    headers = await bearer("root") | {"Content-Type": "application/json"}
    answer = await client.post("/api/v1/users", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == TYPE


async def test_a_wrong_field_is_named(client, bearer):
    body = {"username": "nora", "password": "a long password", "role": "emperor"}
    answer = await client.post("/api/v1/users", json=body, headers=await bearer("root"))
    assert answer.json()["field"] == "role"
    assert "emperor" in answer.json()["detail"]
