"""Endpoints on the loopback interface, which these tests allow, and what asks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kodkod.api import (
    InvalidInputError,
    LabelTask,
    Message,
    Question,
    Reply,
    SchemeType,
    decode_params,
)
from kodkod.plugins import PluginRegistry
from kodkod.testing import RecordingContext
from kodkod_genai.labeller import EndpointLabeller
from kodkod_genai.params import EndpointParams
from llm.scripted import Script, ScriptedEndpoint, animals

LABELS = ("cat", "dog", "none")


@pytest.fixture(autouse=True)
def private(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the loopback interface be asked."""
    monkeypatch.setenv("KODKOD_GENAI_ALLOW_PRIVATE", "true")
    monkeypatch.delenv("KODKOD_GENAI_ALLOWED_HOSTS", raising=False)


@pytest.fixture
def endpoint() -> Iterator[Callable[[Script], ScriptedEndpoint]]:
    """Return a function that starts an endpoint with a script."""
    started: list[ScriptedEndpoint] = []

    def start(script: Script = animals) -> ScriptedEndpoint:
        started.append(ScriptedEndpoint(script).__enter__())
        return started[-1]

    yield start
    for each in started:
        each.__exit__()


@pytest.fixture(scope="session")
def scheme_types() -> dict[str, SchemeType[Any, Any]]:
    registry = PluginRegistry.load()
    kinds = ("multiclass", "multilabel", "span")
    return {kind: registry.build("scheme-type", kind, {}) for kind in kinds}


class Project:
    """What the job's project has: one secret."""

    def secret(self, name: str, origin: str) -> str:
        if name != "key":
            raise InvalidInputError(f"The project has no secret {name!r}.")
        self.origin = origin
        return "sk-very-secret"


class Asker:
    """Asks an endpoint about texts in this process."""

    def __init__(self, folder: Path, types: dict[str, SchemeType[Any, Any]]) -> None:
        self._folder, self._types = folder, types
        self.project = Project()
        self.ctx = RecordingContext(folder, project=self.project)

    def task(self, kind: str = "multiclass", labels=LABELS, justify: bool = False) -> LabelTask:
        scheme_type = self._types[kind]
        return LabelTask(
            scheme_type=kind,
            labels=labels,
            descriptions=("",) * len(labels),
            check=lambda value, text: scheme_type.validate(value, labels, text),
            justify=justify,
        )

    def questions(self, *texts: str) -> Iterator[Question]:
        for place, text in enumerate(texts):
            yield Question(key=f"q{place}", text=text, messages=(Message("user", f"Text: {text}"),))

    def labeller(self, url: str, **params: Any) -> EndpointLabeller:
        given = {"base_url": url, "model": "m", **params}
        return EndpointLabeller(decode_params(EndpointParams, given))

    def ask(self, url: str, *texts: str, task: LabelTask | None = None, **params: Any):
        """Return the replies by the number of the text."""
        labeller = self.labeller(url, **params)
        replies: dict[int, Reply] = {}
        for reply in labeller.label(self.questions(*texts), task or self.task(), self.ctx):
            replies[int(reply.key[1:])] = reply
        return [replies[place] for place in range(len(texts))]


@pytest.fixture
def asker(tmp_path: Path, scheme_types: dict[str, SchemeType[Any, Any]]) -> Asker:
    return Asker(tmp_path, scheme_types)
