"""Every route of the OpenAPI document, asked by everybody.

Routes are read from the application, so that one added later is in here by itself. What is
expected follows from what its handler declares; what happens is what the server answers.
"""

from __future__ import annotations

import re
from itertools import count

import pytest
from structlog.testing import capture_logs

from kodkod.web.access import Requires, declared, only_reads

from .asking import ask
from .conftest import add_letters

# Whoever adds a route that anybody may call says so here as well.
PUBLIC = {
    "exchange_sign_in_code",
    "get_health",
    "list_sign_in_ways",
    "look_at_invitation",
    "sign_in",
    "sign_up",
}

ALLOWED = 200  # stands for whatever the handler answers
EXPECTED = {
    #                     public   signed in  manager  root     reader   annotator contrib. manager
    "nobody":            (ALLOWED, 401,      401,     401,     401,     401,     401,     401),
    "expired":           (ALLOWED, 401,      401,     401,     401,     401,     401,     401),
    "closed":            (ALLOWED, 401,      401,     401,     401,     401,     401,     401),
    "otto, no member":   (ALLOWED, ALLOWED,  403,     403,     404,     404,     404,     404),
    "mara, manager":     (ALLOWED, ALLOWED,  ALLOWED, 403,     404,     404,     404,     404),
    "rita, reader":      (ALLOWED, ALLOWED,  403,     403,     ALLOWED, 403,     403,     403),
    "anna, annotator":   (ALLOWED, ALLOWED,  403,     403,     ALLOWED, ALLOWED, 403,     403),
    "cora, contributor": (ALLOWED, ALLOWED,  403,     403,     ALLOWED, ALLOWED, ALLOWED, 403),
    "lead, project":     (ALLOWED, ALLOWED,  403,     403,     ALLOWED, ALLOWED, ALLOWED, ALLOWED),
    "root":              (ALLOWED, ALLOWED,  ALLOWED, ALLOWED, ALLOWED, ALLOWED, ALLOWED, ALLOWED),
}  # fmt: skip
COLUMNS = dict(zip(Requires, range(8), strict=True))
slugs = (f"letters-{number}" for number in count())


def operations(app):
    """Return (method, path of the document, requirement, operation) for every handler."""
    found = []
    for route, handler in declared(app):
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
        for method in handler.http_methods:
            found.append((method, path, handler.opt["requires"], handler.operation_id))
    return found


def reading(app):
    """Return the operations that change nothing though their question is sent in a body."""
    return {handler.operation_id for _, handler in declared(app) if only_reads(handler)}


def documented(app):
    return {
        (method.upper(), path)
        for path, item in app.openapi_schema.to_schema()["paths"].items()
        for method in item
        if method in ("get", "post", "put", "patch", "delete")
    }


@pytest.fixture
def headers_of(bearer, closed):
    async def headers(persona: str) -> dict[str, str]:
        if persona == "nobody":
            return {}
        if persona == "expired":
            return await bearer("root", hours=-1)
        if persona == "closed":
            made = await bearer("otto")
            await closed("otto")
            return made
        return await bearer(persona.split(",")[0])

    return headers


def outcome(answer, slug: str) -> int:
    """Tell a refusal by the guard from what a handler says."""
    if answer.status in (401, 403):
        return answer.status
    if answer.status == 404 and answer.problem.get("detail") == (
        f"There is no project {slug!r} among yours."
    ):
        return 404
    return ALLOWED


@pytest.mark.parametrize("persona", EXPECTED)
async def test_every_route_lets_in_whom_it_says(app, client, services, headers_of, persona):
    wrong = []
    for method, path, requires, operation in operations(app):
        if operation == "sign_in":
            continue  # Without a password the handler itself refuses: see test_sign_in.
        # given a project of its own and a fresh session, as some routes delete either
        slug = next(slugs)
        await add_letters(services.database, slug)
        headers = await headers_of(persona)
        url = re.sub(r"\{\w+\}", "x", path.replace("{slug}", slug))
        # when the route is asked, without a body
        with capture_logs():  # Handlers that are let in complain of a project without a corpus.
            got = outcome(await ask(app, method, url, headers), slug)
        # then the guard lets through whom the handler's declaration says
        expected = EXPECTED[persona][COLUMNS[requires]]
        if got != expected:
            wrong.append(f"{persona}: {method} {path} ({requires.value}): {got}, not {expected}")
    assert wrong == []


async def test_a_token_that_may_only_read_never_writes(app, client, services, bearer):
    headers = await bearer("root", scopes=["read"])
    await add_letters(services.database, slug := next(slugs))
    wrong = []
    for method, path, requires, operation in operations(app):
        url = re.sub(r"\{\w+\}", "x", path.replace("{slug}", slug))
        if requires is Requires.PUBLIC or method == "GET" or operation in reading(app):
            continue
        answer = await ask(app, method, url, headers)
        if answer.status != 403:
            wrong.append(f"{method} {path}: {answer.status}")
    assert wrong == []


def test_what_is_said_to_change_nothing_is_listed_here(app):
    assert reading(app) == {"browse_table", "browse_rows", "preview_file"}


def test_every_route_of_the_document_is_walked(app):
    in_document = documented(app)
    assert in_document <= {(method, path) for method, path, _, _ in operations(app)}


def test_what_is_not_in_the_document_is_open_and_not_of_the_api(app):
    in_document = documented(app)
    for method, path, requires, _ in operations(app):
        if (method, path) not in in_document:
            assert requires is Requires.PUBLIC, path
            assert not path.startswith("/api"), path


def test_what_anybody_may_call_is_listed_here(app):
    in_document = documented(app)
    assert {
        operation
        for method, path, requires, operation in operations(app)
        if requires is Requires.PUBLIC and (method, path) in in_document
    } == PUBLIC


def test_the_document_says_who_needs_a_token(app):
    in_document = documented(app)
    paths = app.openapi_schema.to_schema()["paths"]
    for method, path, requires, _ in operations(app):
        if (method, path) in in_document:
            security = paths[path][method.lower()].get("security")
            assert bool(security) == (requires is not Requires.PUBLIC), (method, path)
