"""Whatever the OpenAPI document allows, and what it forbids, never makes the server fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case, checks
from schemathesis.specs.openapi import checks as openapi_checks

from kodkod_sdk import (
    Client,
    Membership,
    NewAccount,
    NewAnnotation,
    NewFeature,
    NewScheme,
    NextQuery,
    ProjectConfig,
)
from server_process import ServerProcess

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text())
NEVER_ENDS = ["listen"]
ENDS_THE_TEST = ["sign_out", "delete_project", "delete_scheme", "remove_member", "delete_user"]
"""Called too, but not on what the test stands on."""

schema = schemathesis.openapi.from_dict(DOCUMENT).exclude(operation_id=NEVER_ENDS)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


class Prepared:
    """A server with a project, and somebody's token in each role."""

    def __init__(self, server: ServerProcess, tokens: dict[str, str]) -> None:
        self.server = server
        self.tokens = tokens


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """Give a server of its own: fuzzing leaves little as it was."""
    folder = tmp_path_factory.mktemp("fuzz")
    corpus = folder / "texts.csv"
    corpus.write_text("id,text,mood\n" + "".join(f"t{i},text no {i},m{i % 3}\n" for i in range(60)))
    with ServerProcess(folder / "data") as server:
        with Client(server.url, username="root", password=server.root_password) as root:
            config = ProjectConfig(
                name="Fuzz", id_column="id", text_columns=["text"], context_columns=["mood"]
            )
            project = root.create_project(corpus, config)
            scheme = project.create_scheme(NewScheme(name="coding", labels=["a", "b"]))
            drawn = scheme.next(NextQuery(n=10)).elements
            scheme.annotate(
                NewAnnotation(id=each.id, value="ab"[i % 2], lease=each.lease)
                for i, each in enumerate(drawn)
            )
            project.create_feature(NewFeature(name="tfidf", component="tfidf-svd")).wait()
            root.create_user(
                NewAccount(username="ada", password=server.root_password, role="annotator")
            )
            project.set_member("ada", Membership(role="annotator"))
            assert project.slug == "fuzz"
        yield Prepared(
            server,
            {name: token(server, name) for name in ("root", "ada")},
        )


def token(server: ServerProcess, username: str) -> str:
    with Client(server.url, username=username, password=server.root_password) as client:
        return client.create_api_token("fuzzing").token or ""


def aim(case: Case) -> None:
    """Let most requests reach a project, a scheme and a feature that exist."""
    known = {"slug": "fuzz", "scheme": "coding", "feature": "tfidf", "username": "ada"}
    operation = case.operation.definition.raw["operationId"]
    if operation == "change_project" and isinstance(case.body, dict):
        case.body.pop("archived", None)  # Nothing in it would be tried any more.
    if operation in ENDS_THE_TEST or len(json.dumps(case.path_parameters, default=str)) % 4 == 0:
        return
    for name in case.path_parameters:
        if name in known:
            case.path_parameters[name] = known[name]


@pytest.mark.parametrize("username", ["root", "ada"])
@schema.parametrize()
@settings(
    max_examples=10,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_no_request_makes_the_server_fail(case: Case, username: str, prepared: Prepared) -> None:
    aim(case)
    headers = {"authorization": f"Bearer {prepared.tokens[username]}"}
    if case.operation.definition.raw["operationId"] == "sign_out":
        headers = {"authorization": "Bearer nobody"}
    response = case.call(base_url=prepared.server.url, headers=headers, timeout=30)
    case.validate_response(
        response,
        checks=[
            checks.not_a_server_error,
            openapi_checks.status_code_conformance,
            openapi_checks.content_type_conformance,
            openapi_checks.response_schema_conformance,
        ],
    )
