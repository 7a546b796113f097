"""A tiny model labels a corpus on a real server, in the worker's child process."""

from __future__ import annotations

from pathlib import Path

import pytest

from kodkod_sdk import Client, NewAnnotation, NewLabelling, NewScheme, ProjectConfig
from kodkod_sdk.generated.contract import NewPrompt
from server_process import ServerProcess

from .tiny import build_tiny

pytestmark = pytest.mark.slow

LABELS = ["cats", "dogs", "neither"]
N = 24


def test_a_corpus_is_labelled_and_scored(tmp_path: Path) -> None:
    # Given a server that may use a folder of models
    build_tiny("tiny-phi3", tmp_path / "models")
    environment = {"KODKOD_LOCAL_MODELS": str(tmp_path / "models"), "HF_HUB_OFFLINE": "1"}
    lines = [f"t{i},a text about animal {i}\n" for i in range(N)]
    (tmp_path / "texts.csv").write_text("id,text\n" + "".join(lines))
    with (
        ServerProcess(tmp_path / "data", environment=environment) as server,
        Client(server.url, username="root", password=server.root_password) as client,
    ):
        config = ProjectConfig(name="Animals", id_column="id", text_columns=["text"])
        project = client.create_project(tmp_path / "texts.csv", config)
        for kind in ("multiclass", "span"):
            scheme = project.create_scheme(NewScheme(name=kind, type=kind, labels=LABELS))
            begin = project.default_prompt(kind)
            project.create_prompt(
                NewPrompt(name=kind, scheme=kind, system=begin.system, user=begin.user)
            )
            params = {"model": "tiny-phi3", "max_tokens": 64}
            labelling = project.create_labelling(
                NewLabelling(
                    name=f"tiny-{kind}",
                    scheme=kind,
                    prompt=kind,
                    labeller="local-llm",
                    params=params,
                )
            )
            if kind == "multiclass":
                scheme.annotate([NewAnnotation(id=f"t{i}", value="cats") for i in range(N)])
            # When it is planned, and run twice
            plan = labelling.plan().wait().result
            run = labelling.run().wait().result
            again = labelling.run().wait().result
            # Then every text has a reply that fits or says why not, and none is asked twice
            assert (plan["to_ask"], plan["remote"]) == (N, False)
            assert run["answered"] + run["unparsed"] == N
            assert (again["asked"], again["kept"]) == (0, N)
            replies = list(labelling.replies())
            answered = [reply for reply in replies if reply.state == "answered"]
            if kind == "multiclass":
                assert len(answered) == N
                assert {reply.value for reply in answered} <= set(LABELS)
                assert all(0 < reply.confidence <= 1 for reply in answered)
                assert labelling.info().scores["train"].n == N
