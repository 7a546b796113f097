"""The OpenAPI document with the contract's schemas as msgspec itself reads and writes them.

Litestar's own loses what clients are generated from and tested by: bounds of zero, the items of
a tuple of constrained strings, unknown fields refused, descriptions, and shapes that travel as
JSON inside a form.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.serialization import encode_json
from msgspec import Struct

from kodkod.project import preview
from kodkod.project.importing import ProjectConfig
from kodkod.project.query import NextQuery
from kodkod.web import (
    adjudication_contract,
    annotating_contract,
    audit_contract,
    codebook_contract,
    contract,
    discussion_contract,
    estimate_contract,
    evaluation_contract,
    feature_contract,
    file_contract,
    job_contract,
    labelling_contract,
    model_contract,
    monitor_contract,
    people_contract,
    projection_contract,
    prompt_contract,
    quality_contract,
    rights_contract,
    scheme_contract,
    secret_contract,
    sign_in_contract,
    simulation_contract,
    state_contract,
    stopping_contract,
    table_contract,
    task_contract,
    topic_contract,
    webhook_contract,
)

__all__ = ["DocumentRender", "openapi_document"]

_CONTRACTS = (
    audit_contract,
    adjudication_contract,
    annotating_contract,
    codebook_contract,
    contract,
    discussion_contract,
    estimate_contract,
    evaluation_contract,
    feature_contract,
    file_contract,
    job_contract,
    labelling_contract,
    model_contract,
    monitor_contract,
    preview,
    projection_contract,
    people_contract,
    prompt_contract,
    quality_contract,
    rights_contract,
    scheme_contract,
    secret_contract,
    sign_in_contract,
    simulation_contract,
    state_contract,
    stopping_contract,
    table_contract,
    task_contract,
    topic_contract,
    webhook_contract,
)
_REFERENCE = "#/components/schemas/"
_PAGE = re.compile(r"Page_(?:[\w.]+\.)?(\w+)_")


class DocumentRender(JsonRenderPlugin):
    """Serve the document at /schema/openapi.json; made once, at the first request."""

    _made: bytes | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the document."""
        if self._made is None:
            self._made = msgspec.json.encode(openapi_document(request.app))
        return self._made


def openapi_document(app: Litestar) -> dict[str, Any]:
    """Return the document as JSON values, the same for the same code."""
    text = _PAGE.sub(r"\1Page", encode_json(app.openapi_schema.to_schema()).decode())
    document: dict[str, Any] = json.loads(text)
    known: dict[str, Any] = document["components"]["schemas"]
    known.update(_schemas(known))
    document["components"]["schemas"] = {name: known[name] for name in sorted(known)}
    document["paths"] = {
        path: document["paths"][path]
        for path in sorted(document["paths"])
        if not path.startswith("/schema")
    }
    return document


def _schemas(known: dict[str, Any]) -> dict[str, Any]:
    named = {name: each for module in _CONTRACTS for name, each in vars(module).items()}
    structs: list[Any] = [
        each
        for name, each in named.items()
        if name in known and inspect.isclass(each) and issubclass(each, Struct)
    ]
    pages: list[Any] = [
        contract.Page[named[name.removesuffix("Page")]] for name in known if name.endswith("Page")
    ]
    _, made = msgspec.json.schema_components(
        [*structs, *pages, NextQuery, ProjectConfig], ref_template=_REFERENCE + "{name}"
    )
    for schema in made.values():
        schema["description"] = inspect.cleandoc(schema["description"])
    return json.loads(_PAGE.sub(r"\1Page", msgspec.json.encode(made).decode()))
