"""Prompts and secrets over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from kodkod_sdk import (
    Client,
    ConflictError,
    ExamplePlan,
    NewPrompt,
    NewPromptVersion,
    NewSecret,
    PromptRendering,
)

Lay = Callable[..., Any]
PROMPTS = "/api/v1/projects/p/prompts"
SECRETS = "/api/v1/projects/p/secrets"
VERSION = {
    "number": 1,
    "system": "Be brief.",
    "user": "{{ text }}",
    "examples": {"how": "none", "n": 6, "feature": None, "per_text": False, "seed": 0},
    "note": "",
    "created_by": "ada",
    "created_at": "2026-01-02T03:04:05Z",
}
PROMPT = {
    "id": "p1",
    "name": "code",
    "scheme": "tone",
    "created_at": "2026-01-02T03:04:05Z",
    "versions": [VERSION],
}
SECRET = {
    "name": "openai",
    "origin": "https://api.example.org",
    "created_by": "ada",
    "created_at": "2026-01-02T03:04:05Z",
    "last_used_at": None,
}


def page(*items: object) -> dict[str, object]:
    return {"items": list(items), "cursor": None}


def problem(status: int) -> dict[str, Any]:
    return {"type": "t", "title": "Title", "status": status, "detail": "Do this."}


def test_a_prompt_is_begun_with_the_schemes_own(loopback: Any, answer: Lay) -> None:
    # Given a server that has templates to begin with
    begun = {name: VERSION[name] for name in ("system", "user", "examples")}
    default = "/api/v1/projects/p/schemes/tone/default-prompt"
    loopback.lay(f"GET {default}", answer(200, begun))
    loopback.lay(f"POST {PROMPTS}", answer(201, PROMPT))

    # When a prompt is made of them, with examples
    with Client(loopback.url, token="t") as client:
        project = client.project("p")
        given = project.default_prompt("tone")
        made = project.create_prompt(
            NewPrompt(
                name="code",
                scheme="tone",
                system=given.system,
                user=given.user,
                examples=ExamplePlan(how="nearest", n=3, feature="f"),
            )
        )

    # Then they went as they are
    assert made.versions[0].user == "{{ text }}"
    sent = json.loads(loopback.seen[-1].body)
    assert (sent["system"], sent["user"]) == ("Be brief.", "{{ text }}")
    assert sent["examples"] == {
        "how": "nearest",
        "n": 3,
        "feature": "f",
        "per_text": False,
        "seed": 0,
    }


def test_prompts_are_walked_looked_up_and_deleted(loopback: Any, answer: Lay) -> None:
    loopback.lay(f"GET {PROMPTS}", answer(200, page(PROMPT)))
    loopback.lay(f"GET {PROMPTS}/code", answer(200, PROMPT))
    loopback.lay(f"DELETE {PROMPTS}/code", answer(204, b""))
    with Client(loopback.url, token="t") as client:
        project = client.project("p")
        assert [each.name for each in project.prompts()] == ["code"]
        assert project.prompt("code").id == "p1"
        project.delete_prompt("code")
    assert loopback.seen[-1].method == "DELETE"


def test_a_version_is_added_unless_somebody_was_first(loopback: Any, answer: Lay) -> None:
    path = f"{PROMPTS}/code/versions"
    second = {**PROMPT, "versions": [{**VERSION, "number": 2}, VERSION]}
    loopback.lay(f"POST {path}", answer(201, second), answer(409, problem(409)))
    with Client(loopback.url, token="t") as client:
        project = client.project("p")
        new = NewPromptVersion(user="{{ text }}!", base=1)
        assert project.add_prompt_version("code", new).versions[0].number == 2
        with pytest.raises(ConflictError):
            project.add_prompt_version("code", new)


def test_a_prompt_is_shown_as_it_would_be_sent(loopback: Any, answer: Lay) -> None:
    said = {"id": "t1", "messages": [{"role": "user", "content": "a cat"}]}
    loopback.lay(f"POST {PROMPTS}/renderings", answer(200, page(said)))
    with Client(loopback.url, token="t") as client:
        rendering = PromptRendering(scheme="tone", user="{{ text }}", ids=["t1"])
        (rendered,) = client.project("p").render_prompt(rendering)
    assert (rendered.id, rendered.messages[0].content) == ("t1", "a cat")
    assert json.loads(loopback.seen[-1].body)["ids"] == ["t1"]


def test_a_secret_goes_in_and_is_listed_without_its_value(loopback: Any, answer: Lay) -> None:
    loopback.lay(f"PUT {SECRETS}", answer(200, SECRET))
    loopback.lay(f"GET {SECRETS}", answer(200, page(SECRET)))
    loopback.lay(f"DELETE {SECRETS}/openai", answer(204, b""))
    with Client(loopback.url, token="t") as client:
        project = client.project("p")
        made = project.put_secret(
            NewSecret(name="openai", value="sk-1", origin="https://api.example.org")
        )
        assert list(project.secrets()) == [made]
        project.delete_secret("openai")
    put = loopback.seen[0]
    assert json.loads(put.body)["value"] == "sk-1"
    assert "sk-1" not in put.path
