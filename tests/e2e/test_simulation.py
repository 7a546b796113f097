"""Choosing a strategy by simulation, as a script does it: server, worker, SDK and command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from kodkod_sdk import (
    Client,
    InvalidInputError,
    NewAnnotation,
    NewFeature,
    NewScheme,
    NewSimulation,
    NotFoundError,
    Project,
    ProjectConfig,
    StrategyChoice,
)
from server_process import ServerProcess

KODKOD = Path(sys.executable).with_name("kodkod")
WORDS = {"money": "bank tax price loan market", "play": "goal team match coach race"}
N = 120


@pytest.fixture
def coded(client: Client, tmp_path: Path) -> Project:
    labels = [list(WORDS)[i % 2] for i in range(N)]
    texts = [" ".join(WORDS[label].split()[i % 4 :]) for i, label in enumerate(labels)]
    file = tmp_path / "simulated.csv"
    pl.DataFrame({"id": [f"t{i}" for i in range(N)], "text": texts}).write_csv(file)
    config = ProjectConfig(name="Simulated", id_column="id", text_columns=["text"])
    project = client.create_project(file, config)
    project.create_feature(NewFeature(name="lsa", component="tfidf-svd", params={"dim": 8})).wait()
    scheme = project.create_scheme(NewScheme(name="about", labels=list(WORDS)))
    scheme.annotate(NewAnnotation(id=f"t{i}", value=label) for i, label in enumerate(labels))
    return project


def new(*strategies: str, **more) -> NewSimulation:
    choices = [StrategyChoice(name=name) for name in strategies]
    few = {"start": 4, "batch": 4, "rounds": 2, "seeds": 2} | more
    return NewSimulation(scheme="about", features=["lsa"], strategies=choices, **few)


def test_strategies_are_simulated_shown_drawn_and_deleted(
    client: Client, server: ServerProcess, coded: Project
) -> None:
    # When two strategies are compared
    done = coded.simulate(new("breaking-ties", "typiclust", name="Which?", target=0.6)).wait()

    # Then its report and pictures are there
    (info,) = coded.simulations()
    assert (info.id, info.name, done.result) == (done.id, "Which?", {"simulation": done.id})
    report = coded.simulation(info.id)
    assert [each.name for each in report.strategies] == ["random", "breaking-ties", "typiclust"]
    assert [point.n for point in report.strategies[1].points] == [4, 8, 12]
    assert report.strategies[1].area == info.strategies[1].area
    assert coded.simulation_plot(info.id).lstrip().startswith(b"<?xml")
    assert coded.simulation_plot(info.id, "png").startswith(b"\x89PNG")

    # And the command line comes to the same, beside the server
    command = [KODKOD, "simulate", coded.slug, "--scheme", "about", "--feature", "lsa"]
    command += ["--strategy", "breaking-ties", "--start", "4", "--batch", "4", "--rounds", "2"]
    command += ["--seeds", "2", "--json", "--data-dir", str(server.data_dir)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KODKOD_")}
    told = subprocess.run(command, capture_output=True, text=True, env=kept, check=True)
    again = json.loads(told.stdout)["strategies"]
    assert [each["by_seed"] for each in again] == [each.by_seed for each in report.strategies[:2]]

    # And it can be deleted, alone or with its project
    folder = server.data_dir / "projects" / coded.slug / "simulations" / info.id
    assert folder.is_dir()
    coded.delete_simulation(info.id)
    assert not folder.exists()
    assert list(coded.simulations()) == []
    with pytest.raises(NotFoundError):
        coded.delete_simulation(info.id)
    coded.delete(at_once=True)
    assert not folder.parent.parent.exists()


def test_what_cannot_be_simulated_is_refused_at_once(client: Client, coded: Project) -> None:
    for asked, error, said in (
        (new("no-such"), NotFoundError, "no-such"),
        (new("random", model="no-such"), NotFoundError, "no-such"),
        (new("random", params={"cost": -1}), InvalidInputError, "cost"),
        (new(), InvalidInputError, "strategies"),
        (new("random", seeds=51), InvalidInputError, "seeds"),
        (new(*["random"] * 13), InvalidInputError, "strategies"),
    ):
        with pytest.raises(error, match=said):
            coded.simulate(asked)
    for strange in ("x", "..", "0" * 16, "%2e%2e"):
        with pytest.raises(NotFoundError):
            coded.simulation_plot(strange)
    mine = [job.kind for job in client.jobs() if job.project == coded.slug]
    assert "simulate" not in mine
