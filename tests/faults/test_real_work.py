"""kill -9 in the middle of what people really compute: features, trainings, the guide."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from faults.annotators import Annotators
from faults.books import JobFacts, check_whole, leftovers
from faults.site import Site, feature, until
from kodkod_sdk import Job
from kodkod_sdk.generated.contract import NewFeature, NewGuide, NewModel

Measured = Callable[[str, float], None]
ROUNDS = 3
FEATURE = "lsa"


@pytest.fixture(scope="module")
def studied(site: Site) -> Site:
    """Give a site with a feature and enough annotations to learn from."""
    made = NewFeature(name=FEATURE, component="tfidf-svd", params={"dim": 100})
    site.project.create_feature(made).wait()
    with site.annotators() as crew:
        crew.go_on(300)
    return site


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
        for i in range(ROUNDS):
            # Given a training in a child, one in the worker itself
            forest = studied.project.create_model(
                training(f"forest-{i}", "random-forest", trees=300)
            )
            svd = studied.others.create_feature(feature("tfidf-svd"))
            crew.go_on(5)
            # When their workers die
            struck = [strike(studied, job) for job in (forest, svd)]
            # Then others take them up, and they end well
            took = until(
                lambda jobs=struck: all(
                    studied.books.is_settled(job.id)
                    and studied.books.job(job.id).worker != job.worker
                    for job in jobs
                )
            )
            measured("killed workers in mid-training: taken up again", took)
            assert (forest.wait().state, svd.wait().state) == ("done", "done")
    assert check_whole(studied.server.data_dir) >= (1 + ROUNDS, ROUNDS)
    assert leftovers(studied.server.data_dir) == []
    assert crew.said.items() <= studied.log().items()


@pytest.mark.slow
def test_a_guide_survives_its_worker_and_the_server(studied: Site, measured: Measured) -> None:
    scheme = studied.project.scheme("tone")
    scheme.set_guide(NewGuide(features=[FEATURE], refresh_every=1))
    with studied.annotators() as crew:
        for i in range(ROUNDS):
            # Given a guide that learns while people annotate, in the middle of a refresh
            until(lambda: refreshing(studied), why="no refresh was under way")
            (refresh,) = refreshing(studied)
            # When its worker dies, or everything does
            if i == ROUNDS - 1:
                studied.server.kill()
                studied.server.start()
            elif refresh.pid is not None:
                os.kill(refresh.pid, signal.SIGKILL)
            # Then it learns on, from what was said since
            measured("killed the live worker: the guide has learnt anew", learnt(studied, crew))
        crew.go_on()
    assert leftovers(studied.server.data_dir) == []
    assert crew.said.items() <= studied.log().items()
    scheme.remove_guide()


def refreshing(site: Site) -> list[JobFacts]:
    return [job for job in site.books.jobs("running") if job.kind == "guide"]


def learnt(site: Site, crew: Annotators) -> float:
    """Return how long it takes until the guide knows what is said from now on."""
    crew.go_on(1)
    after = max(crew.said)
    scheme = site.project.scheme("tone")

    def knows() -> bool:
        guide = scheme.info().guide
        return guide is not None and bool(guide.version) and guide.trained_at_seq >= after

    return until(knows, why=f"the guide is {scheme.info().guide}")
