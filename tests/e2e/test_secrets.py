"""A secret that a real server was given is nowhere to be read: not on disk, in a log, an answer."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from kodkod_sdk import Client, InvalidInputError, NewScheme, NewSecret, ProjectConfig
from server_process import ServerProcess

VALUE = "sk-live-Qv93-nobody-reads-this"
ORIGIN = "https://api.example.org"


def everything_said(server: ServerProcess, token: str, slug: str) -> str:
    """Return the answers of every address that can be read, those of the project among them."""
    with httpx.Client(
        base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=30
    ) as http:
        paths = http.get("/schema/openapi.json").json()["paths"]
        return "\n".join(
            http.get(path.replace("{slug}", slug).replace("{scheme}", "tone")).text
            for path, methods in paths.items()
            # What is pushed has no end.
            if "get" in methods and not path.endswith("/events")
        )


def test_a_secret_is_nowhere_to_be_read(
    server: ServerProcess, client: Client, tmp_path: Path
) -> None:
    # Given a project of a real server, with a secret that was put and put again
    corpus = tmp_path / "texts.csv"
    corpus.write_text("id,text\n1,a\n2,b\n3,c\n")
    config = ProjectConfig(name="Sealed", id_column="id", text_columns=["text"])
    project = client.create_project(corpus, config)
    project.create_scheme(NewScheme(name="tone", type="multiclass", labels=["pro", "con"]))
    for _ in range(2):
        project.put_secret(NewSecret(name="key", value=f"{VALUE}\n", origin=f"{ORIGIN}/v1"))

    # When it is put wrongly too, in each way that a person may
    for wrong in (
        NewSecret(name="key", value=f"{VALUE}\u00e9", origin=ORIGIN),
        NewSecret(name="key", value="x", origin=VALUE),
        NewSecret(name="key", value="x", origin=f"https://{VALUE}@api.example.org"),
        NewSecret(name=VALUE, value="x", origin=ORIGIN),
    ):
        with pytest.raises(InvalidInputError) as caught:
            project.put_secret(wrong)
        assert VALUE not in str(caught.value)

    # Then no answer has it, no line of the log, no file
    (listed,) = project.secrets()
    assert (listed.name, listed.origin) == ("key", ORIGIN)
    token = client.create_api_token("reads everything", read_only=True)
    said = everything_said(server, token.token, project.slug)
    assert ORIGIN in said
    assert VALUE not in said
    assert VALUE not in server.output()
    files = [file for file in server.data_dir.rglob("*") if file.is_file()]
    assert any(file.name == "secret.key" for file in files)
    for file in files:
        assert VALUE.encode() not in file.read_bytes(), file
