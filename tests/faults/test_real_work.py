"""kill -9 in the middle of what people really compute: features, trainings, the guide."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from faults.books import JobFacts, check_whole
from faults.site import Site, awaited, feature, open_site, until
from kodkod_sdk import Job
from kodkod_sdk.generated.contract import NewFeature, NewGuide, NewModel

Measured = Callable[[str, float], None]
FEATURE = "lsa"


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory, plugin: str) -> Iterator[Site]:
    """Give a site with a live worker, a feature, and enough annotations to learn from."""
    settings = {"KODKOD_LIVE_WORKERS": "1"}
    with open_site(tmp_path_factory.mktemp("site"), plugin, environment=settings) as site:
        made = NewFeature(name=FEATURE, component="tfidf-svd", params={"dim": 50})
        site.project.create_feature(made).wait()
        with site.annotators() as crew:
            crew.go_on(100)
        yield site


def training(name: str, component: str, **params: object) -> NewModel:
    return NewModel(
        name=name, scheme="tone", component=component, features=[FEATURE], params=params
    )


def strike(site: Site, job: Job) -> JobFacts:
    """Kill the worker that runs a job, as soon as it does."""
    until(lambda: site.books.job(job.id).state == "running")
    struck = site.books.job(job.id)
    assert struck.pid is not None
    os.kill(struck.pid, signal.SIGKILL)
    return struck


@pytest.mark.slow
def test_a_training_survives_its_worker(studied: Site, measured: Measured) -> None:
    with studied.annotators() as crew:
        # Given a training in a child, whose worker dies
        forest = studied.project.create_model(training("forest", "random-forest", trees=200))
        struck = [strike(studied, forest)]
        # ... and a feature in the worker itself, which dies too
        svd = studied.others.create_feature(feature("tfidf-svd", {"dim": 300}))
        struck.append(strike(studied, svd))
        crew.go_on(5)
        # Then others take them up, and they end well
        took = until(lambda: all(taken_up(studied, job) for job in struck))
        measured("killed workers in mid-training: taken up again", took)
        assert (forest.wait().state, svd.wait().state) == ("done", "done")
    assert check_whole(studied.server.data_dir) == (2, 1)
    studied.nothing_left()
    assert crew.said.items() <= studied.log().items()


@pytest.mark.slow
def test_a_guide_survives_its_worker_and_the_server(studied: Site, measured: Measured) -> None:
    scheme = studied.project.scheme("tone")
    scheme.set_guide(NewGuide(features=[FEATURE], refresh_every=1))
    with studied.annotators() as crew:
        for _ in range(2):
            # Given a guide that learns while people annotate, in the middle of a refresh
            worker = awaited(lambda: held(studied))
            # When its worker dies
            os.kill(worker, signal.SIGKILL)
            # Then it learns on, from what was said since
            crew.go_on(1)
            took = learnt(studied, max(crew.said))
            measured("killed the live worker: the guide has learnt anew", took)
        # When the server dies with all its workers, and people go home
        awaited(lambda: held(studied))
        studied.server.kill()
    studied.server.start()
    # Then it learns what they have said, though nobody says more
    took = learnt(studied, max(crew.said))
    measured("killed the server: the guide has learnt what was said", took)
    studied.nothing_left()
    assert crew.said.items() <= studied.log().items()
    scheme.remove_guide()


def taken_up(site: Site, struck: JobFacts) -> bool:
    return site.books.is_settled(struck.id) and site.books.job(struck.id).worker != struck.worker


def held(site: Site) -> int | None:
    """Stop the live worker in the middle of a refresh, if there is one; return its process."""
    for job in site.books.jobs("running"):
        if job.kind == "guide" and job.pid is not None:
            os.kill(job.pid, signal.SIGSTOP)
            if site.books.job(job.id).state == "running":
                return job.pid
            os.kill(job.pid, signal.SIGCONT)
    return None


def learnt(site: Site, seq: int) -> float:
    """Return how long it takes until the guide knows the log as far as `seq`."""
    scheme = site.project.scheme("tone")

    def knows() -> bool:
        guide = scheme.info().guide
        return guide is not None and bool(guide.version) and guide.trained_at_seq >= seq

    return until(knows, why="the guide has not learnt")
