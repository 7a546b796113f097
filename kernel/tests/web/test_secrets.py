"""Secrets over HTTP: they go in, are used by jobs for their origin, and never come out."""

from __future__ import annotations

import json

import pytest
from structlog.testing import capture_logs

from kodkod.api import InvalidInputError
from kodkod.jobs.stored_artefacts import StoredArtefacts
from kodkod.jobs.workspace import Workspace
from kodkod.store.database import Database
from kodkod.store.projects import find_project
from kodkod.store.sealing import KEY_FILE

from .conftest import SLUG, add_letters
from .talking import Talk, problem_of

PATH = f"/projects/{SLUG}/secrets"
VALUE = "sk-proj-Zx81-not-to-be-seen"
ORIGIN = "https://api.example.org"


@pytest.fixture
async def lead(client, bearer) -> Talk:
    return Talk(client, await bearer("lead"))


@pytest.fixture
async def artefacts(services, settings, registry, client):
    """What a job of the project may ask for."""
    async with services.database.read() as connection:
        project = await find_project(connection, SLUG)
    workspace = Workspace(settings, registry, Database.at("", settings.data_dir))
    yield StoredArtefacts(workspace, project)
    workspace.close()


def new(**values: object) -> dict[str, object]:
    return {"name": "openai", "value": VALUE, "origin": f"{ORIGIN}/v1/chat", **values}


async def test_a_secret_is_stored_listed_without_its_value_and_deleted(lead):
    answer = await lead.ask("PUT", PATH, new())
    assert answer.status_code == 200, answer.text
    made = answer.json()
    created = made.pop("created_at")
    assert created
    assert made == {
        "name": "openai",
        "origin": ORIGIN,
        "created_by": "lead",
        "last_used_at": None,
    }
    listed = await lead.get(PATH)
    assert [each["name"] for each in listed["items"]] == ["openai"]
    for said in (answer.text, json.dumps(listed)):
        assert VALUE not in said
        assert VALUE[-4:] not in said

    assert (await lead.ask("DELETE", f"{PATH}/openai")).status_code == 204
    assert (await lead.get(PATH))["items"] == []
    problem_of(await lead.ask("DELETE", f"{PATH}/openai"), 404)


async def test_a_job_gets_it_for_its_origin_alone(lead, artefacts):
    await lead.ask("PUT", PATH, new())

    assert artefacts.secret("openai", ORIGIN) == VALUE
    assert artefacts.secret("openai", "HTTPS://api.example.org:443/v1") == VALUE
    (used,) = (await lead.get(PATH))["items"]
    assert used["last_used_at"] is not None

    for origin in (
        "http://api.example.org",
        "https://api.example.org:8443",
        "https://example.org",
        "https://api.example.org.evil.example",
        "https://api.example.org@evil.example",
        "https://evil.example/https://api.example.org",
    ):
        with pytest.raises(InvalidInputError) as caught:
            artefacts.secret("openai", origin)
        assert VALUE not in str(caught.value)
    # What is named may be the secret, put into the wrong field.
    with pytest.raises(InvalidInputError, match="no secret of the name") as caught:
        artefacts.secret(VALUE, ORIGIN)
    assert VALUE not in str(caught.value)


async def test_one_of_the_same_name_takes_its_place(lead, artefacts):
    await lead.ask("PUT", PATH, new())
    artefacts.secret("openai", ORIGIN)
    await lead.ask("PUT", PATH, new(value="other", origin="http://localhost:8000"))

    (kept,) = (await lead.get(PATH))["items"]
    assert (kept["origin"], kept["last_used_at"]) == ("http://localhost:8000", None)
    assert artefacts.secret("openai", "http://localhost:8000") == "other"
    with pytest.raises(InvalidInputError, match=r"is for http://localhost:8000 and is not sent to"):
        artefacts.secret("openai", ORIGIN)


async def test_after_the_key_is_lost_it_is_said_what_to_do(lead, artefacts, settings):
    await lead.ask("PUT", PATH, new())
    (settings.data_dir / KEY_FILE).unlink()
    with pytest.raises(InvalidInputError, match="enter the secret anew"):
        artefacts.secret("openai", ORIGIN)
    await lead.ask("PUT", PATH, new())
    assert artefacts.secret("openai", ORIGIN) == VALUE


async def test_only_managers_of_the_project_know_of_secrets(lead, client, services, bearer):
    await add_letters(services.database, "others")
    await lead.ask("PUT", PATH, new())
    for name, status in (("anna", 403), ("otto", 404), ("mara", 404)):
        talk = Talk(client, await bearer(name))
        for answer in (
            await talk.ask("GET", PATH),
            await talk.ask("PUT", PATH, new()),
            await talk.ask("DELETE", f"{PATH}/openai"),
        ):
            problem_of(answer, status)
            assert "openai" not in answer.text
    assert (await lead.get("/projects/others/secrets"))["items"] == []
    problem_of(await lead.ask("DELETE", "/projects/others/secrets/openai"), 404)


@pytest.mark.parametrize(
    "body",
    [
        {"name": VALUE},
        {"name": f"{VALUE} {VALUE}"},
        {"origin": VALUE},
        {"origin": f"https://{VALUE}@api.example.org"},
        {"origin": f"https://lead:{VALUE}@api.example.org"},
        {"value": [VALUE]},
        {"value": {"key": VALUE}},
        {"value": f"{VALUE}\n{VALUE}"},
        {"value": f"{VALUE}\u00e9"},
        {"value": VALUE * 1000},
        {"value": ""},
        {"nmae": VALUE},
    ],
)
async def test_what_is_refused_is_not_repeated(lead, body):
    with capture_logs() as lines:
        answer = await lead.ask("PUT", PATH, new(**body))
    assert answer.status_code in (400, 422), answer.text
    assert VALUE not in answer.text
    assert VALUE not in str(lines)
    assert (await lead.get(PATH))["items"] == []


async def test_white_space_that_pasting_adds_is_left_out(lead, artefacts):
    await lead.ask("PUT", PATH, new(value=f"  {VALUE}\n"))
    assert artefacts.secret("openai", ORIGIN) == VALUE


async def test_a_fault_of_the_server_is_logged_without_it(lead, settings):
    # Given a key that is damaged
    (settings.data_dir / KEY_FILE).write_text("damaged")
    with capture_logs() as lines:
        answer = await lead.ask("PUT", PATH, new())
    problem = problem_of(answer, 503)
    assert "is no key" in problem["detail"]
    assert VALUE not in answer.text
    assert VALUE not in repr(lines)
