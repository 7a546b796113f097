from __future__ import annotations

import msgspec
import pytest

from kodkod.web.openapi_document import openapi_document
from kodkod.web.redaction import HIDDEN, MOST_BYTES, redacted, secret_fields


def shown(value, secrets=frozenset()):
    return redacted(msgspec.json.encode(value), "application/json", secrets)


def test_what_is_called_secret_is_left_out_at_any_depth():
    body = {"name": "n", "value": "hush", "inner": [{"value": "hush", "kept": 1}]}
    assert shown(body, {"value"}) == {
        "name": "n",
        "value": HIDDEN,
        "inner": [{"value": HIDDEN, "kept": 1}],
    }


@pytest.mark.parametrize("name", ["password", "api_key", "apiKey", "Authorization", "passphrase"])
def test_names_that_look_secret_are_left_out_wherever_they_are(name):
    assert shown({"params": {name: "hush"}}) == {"params": {name: HIDDEN}}


def test_a_key_that_somebody_wrote_into_a_text_is_left_out():
    assert shown({"note": "use sk-abcdef0123456789, please"}) == {"note": f"use {HIDDEN}, please"}


def test_forms_are_read_and_files_are_not():
    form = b"username=anna&password=hush"
    kind = "application/x-www-form-urlencoded"
    assert redacted(form, kind, {"password"}) == {"username": "anna", "password": HIDDEN}
    assert redacted(b"--x\r\n", "multipart/form-data", ()) is None
    assert redacted(b"{broken", "application/json", ()) is None
    assert redacted(b" " * (MOST_BYTES + 1), "application/json", ()) is None


def test_what_is_kept_is_bounded():
    kept = shown({"text": "x" * 10_000, "ids": list(range(1_000)), "deep": nested(50)})
    assert len(msgspec.json.encode(kept)) < 1_500
    assert kept["ids"][-1] == "... and 950 more"


def nested(depth: int):
    return [nested(depth - 1)] if depth else "deep"


def test_secret_fields_are_those_that_the_document_calls_passwords(app):
    fields = secret_fields(openapi_document(app))
    assert fields["create_user"] == {"password"}
    assert fields["change_user"] == {"password"}
    assert fields["change_my_password"] == {"password", "current_password"}
    assert fields["sign_in"] == {"password"}
    assert fields["put_secret"] == {"value"}


def test_no_field_that_sounds_secret_lacks_the_mark(app):
    """A name that is new and sounds secret must say whether it is."""
    document = openapi_document(app)
    fields = secret_fields(document)
    harmless = {"secret"}  # names a secret of the project
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method not in {"post", "put", "patch"} or "requestBody" not in operation:
                continue
            for name in names_in(operation["requestBody"], document, set()):
                if any(word in name for word in ("passw", "secret", "token", "api_key")):
                    known = fields[operation["operationId"]] | harmless
                    assert name in known or name.startswith(("max_", "tokens")), (path, name)


def names_in(part, document, seen):
    if isinstance(part, dict):
        reference = part.get("$ref")
        if reference and reference not in seen:
            seen.add(reference)
            schema = document["components"]["schemas"][reference.rpartition("/")[2]]
            yield from names_in(schema, document, seen)
        yield from part.get("properties", {})
        for each in part.values():
            yield from names_in(each, document, seen)
    elif isinstance(part, list):
        for each in part:
            yield from names_in(each, document, seen)
