"""`kodkod openapi`: the HTTP contract as a document."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kodkod.settings import Settings
from kodkod.web.app import create_app
from kodkod.web.openapi_document import openapi_document

__all__ = ["document", "openapi"]


def openapi(
    *,
    out: Annotated[Path | None, Parameter(help="The file to write; stdout if left out.")] = None,
) -> None:
    """Write the OpenAPI document, always the same for the same code."""
    text = document()
    if out is None:
        sys.stdout.write(text)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")


def document() -> str:
    """Return the OpenAPI document as JSON."""
    return json.dumps(openapi_document(create_app(Settings())), indent=2) + "\n"
