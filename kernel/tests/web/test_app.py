from __future__ import annotations

import json

import pytest
from litestar import Litestar, get
from litestar.exceptions import ImproperlyConfiguredException
from litestar.testing import AsyncTestClient
from structlog.testing import capture_logs

from kodkod.settings import Settings
from kodkod.store.people import list_users
from kodkod.web import app as app_module
from kodkod.web.access import Requires, check_access, check_declarations
from kodkod.web.app import create_app


@get("/forgetful", operation_id="forgetful")
async def forgetful() -> str:
    return "secret"


@get("/lost", operation_id="lost", requires=Requires.PROJECT_MANAGER)
async def lost() -> str:
    return "secret"


@get("/open", operation_id="open", requires=Requires.ROOT)
async def unguarded() -> str:
    return "secret"


@pytest.mark.parametrize(("handler", "reason"), [(forgetful, "requires="), (lost, "slug")])
def test_a_handler_that_does_not_say_who_may_call_it_stops_the_start(
    settings, registry, monkeypatch, handler, reason
):
    monkeypatch.setattr(app_module, "HANDLERS", [*app_module.HANDLERS, handler])
    with pytest.raises(ImproperlyConfiguredException, match=reason):
        create_app(settings, registry=registry)


def test_a_handler_without_the_guard_stops_the_start():
    with pytest.raises(ImproperlyConfiguredException, match="not guarded"):
        check_declarations(Litestar([unguarded], openapi_config=None))
    check_declarations(Litestar([unguarded], openapi_config=None, guards=[check_access]))


async def test_a_handler_added_later_without_a_rule_is_closed(app, client, bearer):
    app.register(forgetful)
    answer = await client.get("/forgetful", headers=await bearer("root"))
    assert answer.status_code == 403
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/", "/api/v1/health", "/api/v1/nowhere", "/schema/openapi.json"])
async def test_every_answer_tells_browsers_to_be_careful(client, path):
    headers = (await client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-request-id"]


async def test_other_origins_are_not_let_in(client):
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    for answer in (
        await client.options("/api/v1/me", headers=asked),
        await client.get("/api/v1/health", headers=asked),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_a_request_keeps_its_decent_id_and_gets_a_new_one_for_another(client):
    async def id_for(given: str) -> str:
        answer = await client.get("/api/v1/health", headers={"X-Request-ID": given})
        return answer.headers["x-request-id"]

    assert await id_for("trace-0123456789") == "trace-0123456789"
    assert await id_for("<script>alert(1)</script>") != "<script>alert(1)</script>"
    assert await id_for("x" * 500) != "x" * 500


async def test_the_log_has_the_request_and_no_secret(client, bearer):
    headers = await bearer("anna")
    with capture_logs() as lines:
        await client.get("/api/v1/me?access_token=hidden", headers=headers)
        await client.post("/api/v1/auth/token", data={"username": "anna", "password": "hidden"})
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["method"], line["path"], line["status"], line["user"]) for line in requests] == [
        ("GET", "/api/v1/me", 200, "anna"),
        ("POST", "/api/v1/auth/token", 401, None),
    ]
    secret = headers["Authorization"].split()[1]
    assert "hidden" not in json.dumps(lines, default=str)
    assert secret not in json.dumps(lines, default=str)


async def test_a_token_in_the_address_is_not_taken(client, bearer):
    secret = (await bearer("anna"))["Authorization"].split()[1]
    for name in ("access_token", "token"):
        assert (await client.get("/api/v1/me", params={name: secret})).status_code == 401


async def test_each_operation_has_an_id_of_its_own_and_says_its_errors(app):
    paths = app.openapi_schema.to_schema()["paths"]
    operations = [
        operation
        for item in paths.values()
        for method, operation in item.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
    for operation in operations:
        answer = operation["responses"]["400"]["content"]
        assert "application/problem+json" in answer, operation["operationId"]


async def test_what_is_installed_is_listed(client, bearer):
    headers = await bearer("anna")
    plugins = (await client.get("/api/v1/plugins", headers=headers)).json()
    assert {"name", "version", "distribution", "state", "reasons", "components"} <= set(plugins[0])
    by_kind = await client.get("/api/v1/components", params={"kind": "sign-in"}, headers=headers)
    (password,) = by_kind.json()
    assert password["name"] == "password"
    assert password["schema"]["properties"]["min_length"]["default"] >= 8
    everything = (await client.get("/api/v1/components", headers=headers)).json()
    assert {each["kind"] for each in everything} > {"sign-in", "job"}


async def test_a_first_start_makes_an_administrator_and_tells_the_password_once(
    tmp_path, registry, capsys, monkeypatch
):
    monkeypatch.delenv("KODKOD_ROOT_PASSWORD", raising=False)
    settings = Settings(data_dir=tmp_path / "new")
    # given a first start
    async with AsyncTestClient(create_app(settings, registry=registry)) as client:
        told = capsys.readouterr().out
        password = told.split("password ")[1].split()[0]
        form = {"username": "root", "password": password}
        assert (await client.post("/api/v1/auth/token", data=form)).status_code == 200
    # then the password lies nowhere on disk
    for file in (tmp_path / "new").rglob("*"):
        assert not file.is_file() or password.encode() not in file.read_bytes()
    # when it starts again, then nothing is told and nobody is made
    capsys.readouterr()
    app = create_app(settings, registry=registry)
    async with AsyncTestClient(app):
        assert "password" not in capsys.readouterr().out
        async with app.state.services.database.read() as connection:
            assert [user.username for user in await list_users(connection)] == ["root"]


async def test_the_environment_may_set_the_first_password(tmp_path, registry, capsys, monkeypatch):
    monkeypatch.setenv("KODKOD_ROOT_PASSWORD", "from the environment")
    settings = Settings(data_dir=tmp_path / "new")
    async with AsyncTestClient(create_app(settings, registry=registry)) as client:
        assert "from the environment" not in capsys.readouterr().out
        form = {"username": "root", "password": "from the environment"}
        assert (await client.post("/api/v1/auth/token", data=form)).status_code == 200
