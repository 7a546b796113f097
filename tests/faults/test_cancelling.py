"""DELETE /jobs/{id} takes effect within two seconds, whatever our own components are at."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psutil
import pytest

from faults.books import lives
from faults.site import LIMIT, Site, awaited, feature, open_site, until
from kodkod_sdk import Job, JobFailedError, Project
from kodkod_sdk.generated.contract import (
    JobView,
    NewFeature,
    NewGuide,
    NewModel,
    NewScheme,
    ProjectConfig,
)
from weights import minilm_folder

Measured = Callable[[str, float], None]
When = Callable[[JobView], bool]

OURS_SECONDS = 2.0
GRACE_SECONDS = 5.0
TEXTS = 12_000
HUGE = 4_000_000
WORDS = 30_000
WORDS_A_TEXT = 50


def large(path: Path) -> Path:
    """Write texts in which few words are frequent and many are rare, as in any language."""
    rng = np.random.default_rng(1)
    words = np.array([f"w{i}" for i in range(WORDS)])
    drawn = (rng.pareto(0.7, size=(TEXTS, WORDS_A_TEXT)) * 5).astype(int) % WORDS
    pl.DataFrame(
        {
            "text": [" ".join(words[row]) for row in drawn],
            "tone": rng.choice(["a", "b", "c", "d", "e"], TEXTS),
        }
    ).write_csv(path)
    return path


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, plugin: str) -> Iterator[Site]:
    """Give a site where files of a megabyte are imported by a job."""
    settings = {
        "KODKOD_LIVE_WORKERS": "1",
        "KODKOD_INLINE_IMPORT_MB": "1",
        "KODKOD_LOCAL_MODELS": str(minilm_folder().parent),
    }
    with open_site(tmp_path_factory.mktemp("studio"), plugin, environment=settings) as site:
        large(site.folder / "large.csv")
        yield site


@pytest.fixture(scope="module")
def coded(studio: Site) -> Project:
    """Give a large project that is annotated, with the features `terms` and `lsa`."""
    config = ProjectConfig(name="large", text_columns=["text"], label_columns=["tone"])
    project = studio.client.create_project(studio.folder / "large.csv", config)
    project.create_scheme(NewScheme(name="tone", from_column="tone"))
    for name, component in (("terms", "tfidf"), ("lsa", "tfidf-svd")):
        project.create_feature(NewFeature(name=name, component=component)).wait()
    return project


def cancelled(job: Job, when: When, measured: Measured, what: str) -> str:
    """Cancel a job once it is at what `when` tells; return how it has ended, before long."""
    until(lambda: when(job.refresh()) or job.view.state not in {"queued", "running"}, LIMIT)
    began = time.monotonic()
    job.cancel()
    until(lambda: job.refresh().state not in {"queued", "running"}, LIMIT)
    took = time.monotonic() - began
    measured(f"cancelled: {what}", took)
    assert took <= OURS_SECONDS
    return job.view.state


def says(words: str) -> When:
    return lambda view: words in view.message


def runs(view: JobView) -> bool:
    return view.state == "running"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("component", "params", "when"),
    [
        ("tfidf", {"ngram_max": 3}, says("reading texts")),
        ("tfidf-svd", {"dim": 500}, says("condensing")),
        ("sentence-embeddings", {"model": "model"}, runs),
        ("sentence-embeddings", {"model": "model"}, says("splitting texts into tokens")),
    ],
    ids=["tfidf", "tfidf-svd", "embeddings loading", "embeddings at work"],
)
def test_a_feature_is_cancelled(
    studio: Site,
    coded: Project,
    component: str,
    params: dict[str, Any],
    when: When,
    measured: Measured,
) -> None:
    job = coded.create_feature(feature(component, params))
    assert cancelled(job, when, measured, f"feature {component}") == "cancelled"
    assert job.id not in {made.id for made in coded.features()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("component", "reads", "params", "slow"),
    [
        ("logistic", "terms", {"cost": 1e6}, True),
        ("logistic-l1", "terms", {}, True),
        ("linear-svm", "terms", {}, True),
        ("naive-bayes", "terms", {}, False),
        ("knn", "lsa", {}, False),
        ("random-forest", "lsa", {}, True),
        ("gradient-boosting", "lsa", {}, True),
    ],
)
def test_a_training_is_cancelled(
    coded: Project,
    component: str,
    reads: str,
    params: dict[str, Any],
    slow: bool,
    measured: Measured,
) -> None:
    wanted = NewModel(
        name=f"{component}-cancelled",
        scheme="tone",
        component=component,
        features=[reads],
        params=params,
    )
    job = coded.create_model(wanted)
    state = cancelled(job, says("learning from"), measured, f"training of {component}")
    assert state == "cancelled" or not slow
    assert (state == "done") == (job.id in {made.id for made in coded.models()})


@pytest.mark.slow
def test_a_prediction_is_cancelled(coded: Project, measured: Measured) -> None:
    wanted = NewModel(
        name="slow",
        scheme="tone",
        component="knn",
        features=["lsa"],
        params={"neighbours": 1_000},
    )
    coded.create_model(wanted).wait()
    job = coded.predict("slow")
    assert cancelled(job, says("predicting"), measured, "prediction by knn") == "cancelled"
    assert coded.model("slow").predicted_rows is None


@pytest.mark.slow
def test_an_import_is_cancelled(studio: Site, coded: Project, measured: Measured) -> None:
    # Given an import of a file that takes seconds to read
    file = studio.folder / "huge.csv"
    texts = pl.int_range(HUGE, eager=True).hash().cast(pl.String)
    pl.DataFrame({"text": texts}).write_csv(file)
    before = [project.slug for project in studio.client.projects()]
    with ThreadPoolExecutor(1) as sender:
        config = ProjectConfig(name="huge", text_columns=["text"])
        sent = sender.submit(studio.client.create_project, file, config)
        job = studio.client.job(awaited(lambda: live(studio, "import"))[0])
        # When it is cancelled
        assert cancelled(job, says("reading"), measured, "import of 4,000,000 texts") == "cancelled"
        assert isinstance(sent.exception(), JobFailedError)
    # Then there is no project, nor anything that looks like one
    assert [project.slug for project in studio.client.projects()] == before
    folders = {path.name for path in (studio.server.data_dir / "projects").glob("[!.]*")}
    assert folders == set(before)


@pytest.mark.slow
def test_a_guide_s_refresh_is_cancelled(studio: Site, coded: Project, measured: Measured) -> None:
    scheme = coded.scheme("tone")
    scheme.set_guide(NewGuide(features=["terms"], params={"cost": 1e6}))
    job = studio.client.job(awaited(lambda: live(studio, "guide"))[0])
    state = cancelled(job, runs, measured, "refresh of a guide")
    scheme.remove_guide()
    assert state == "cancelled"


@pytest.mark.slow
def test_strangers_that_never_listen_are_killed_after_their_grace(
    studio: Site, measured: Measured
) -> None:
    # Given jobs of others' components that do not listen, in all workers
    (light_gate, light), (heavy_gate, heavy) = (
        studio.gated("deaf"),
        studio.gated("deaf-heavy", by_other=True),
    )
    workers = {light_gate.started(), psutil.Process(heavy_gate.started()).ppid()}
    # When they are cancelled
    began = time.monotonic()
    for job in (light, heavy):
        job.cancel()
    # Then they have their time, and no more than that
    for job, gate in ((light, light_gate), (heavy, heavy_gate)):
        until(lambda job=job: job.refresh().state == "cancelled")
        took = time.monotonic() - began
        measured("cancelled: a stranger's component that never listens", took)
        assert GRACE_SECONDS <= took <= GRACE_SECONDS + OURS_SECONDS
        until(lambda gate=gate: not lives(gate.pids()[-1], "kodkod.jobs"))
    # ... the light one's worker is replaced, the heavy one's lives, both take the next jobs.
    gates = [studio.gated("gated")[0], studio.gated("gated", by_other=True)[0]]
    again = {gate.started() for gate in gates}
    measured("... and both workers run the next jobs", time.monotonic() - began - took)
    assert len(again) == 2
    assert len(again & workers) == 1
    for gate in gates:
        gate.open()


def live(site: Site, kind: str) -> list[str]:
    return [job.id for job in site.books.jobs("queued", "running") if job.kind == kind]
