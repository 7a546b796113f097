"""The demo fits the contract, and it is what a first user sees."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl
import pytest

from kodkod.demo import DEMO_CONFIG, DEMO_SCHEME, demo_file
from kodkod.project.importing import ProjectConfig
from kodkod.web.scheme_contract import NewScheme
from kodkod_sdk import Client, NextQuery
from server_process import ServerProcess


def test_the_demo_fits_the_contract_and_its_own_corpus() -> None:
    config = msgspec.convert(DEMO_CONFIG, ProjectConfig)
    scheme = msgspec.convert(DEMO_SCHEME, NewScheme)
    corpus = pl.read_csv(demo_file())
    assert {"id", "text", *config.label_columns, *config.context_columns} == set(corpus.columns)
    assert set(corpus["topic"]) == set(scheme.labels)
    assert corpus["id"].is_unique().all()
    assert corpus["text"].is_unique().all()
    for label in scheme.labels:
        assert f"## {label}\n" in scheme.codebook


@pytest.mark.slow
def test_a_first_start_has_texts_to_annotate(tmp_path: Path) -> None:
    # Given a server that starts on an empty folder with --demo
    with ServerProcess(tmp_path / "data", arguments=["--demo"]) as server:
        with Client(server.url, username="root", password=server.root_password) as client:
            # Then there is a project with texts, and its test split is coded
            (info,) = client.projects()
            scheme = client.project(info.slug).scheme("topic")
            assert scheme.next(NextQuery(n=3)).elements
            assert scheme.info().annotated.test == DEMO_CONFIG["split"]["test"]
        # And starting again makes no second one
        server.restart()
        with Client(server.url, username="root", password=server.root_password) as client:
            assert len(list(client.projects())) == 1
