"""kill -9 of an external broker, with jobs queued and running, and its start anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from faults.books import lives
from faults.own_services import OwnRabbitmq, OwnRedis, OwnService
from faults.site import LIMIT, Site, feature, open_site, until
from kodkod_sdk import Job, ServerError

Measured = Callable[[str, float], None]


@pytest.fixture(scope="module", params=[OwnRedis, OwnRabbitmq], ids=["redis", "rabbitmq"])
def broker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OwnService]:
    """Give a broker of our own, running."""
    with request.param(tmp_path_factory.mktemp("broker") / "own") as running:
        yield running


@pytest.fixture(scope="module")
def remote(
    broker: OwnService, tmp_path_factory: pytest.TempPathFactory, plugin: str
) -> Iterator[Site]:
    """Give a server with one worker that uses the broker."""
    settings = {"KODKOD_BROKER_URL": broker.url, "KODKOD_CPU_WORKERS": "1"}
    with open_site(tmp_path_factory.mktemp("site"), plugin, environment=settings) as site:
        yield site


@pytest.mark.slow
def test_a_broker_that_was_killed_costs_no_job(
    remote: Site, broker: OwnService, measured: Measured
) -> None:
    third = remote.manager("cy")
    with remote.annotators() as crew:
        # Given a job that runs and one that waits for its worker
        running_gate, running = remote.gated("gated")
        worker = running_gate.started()
        waiting_gate, waiting = remote.gated("gated", by_other=True)
        waiting_gate.open()
        # When the broker is killed
        broker.kill()
        # Then a new job is refused with a sentence that says why, and its row says so too
        with pytest.raises(ServerError, match="broker does not answer") as refused:
            third.create_feature(feature("tfidf"))
        assert refused.value.problem.status == 503
        (failed,) = remote.books.jobs("failed")
        assert failed.error == refused.value.problem.detail
        # ... people annotate on, and what runs comes to its end
        crew.go_on()
        running_gate.open()
        assert running.wait(LIMIT).state == "done"
        # When it is back
        broker.start()
        # Then what waited is run before long, by the same worker, and new jobs are taken
        took = until(lambda: done(waiting), why=f"{waiting.refresh()}")
        measured(f"{type(broker).__name__} is back: what waited is done", took)
        again = third.create_feature(feature("tfidf"))
        assert again.wait(LIMIT).state == "done"
        assert lives(worker, "kodkod.jobs.worker")
        crew.go_on()
    assert crew.said.items() <= remote.log().items()


@pytest.mark.slow
def test_what_a_broker_has_lost_is_sent_again(
    remote: Site, broker: OwnService, measured: Measured
) -> None:
    with remote.annotators() as crew:
        # Given a job that runs, one that waits, and a broker that loses everything
        running_gate, running = remote.gated("gated")
        running_gate.started()
        waiting_gate, waiting = remote.gated("gated", by_other=True)
        waiting_gate.open()
        broker.kill()
        broker.forget()
        crew.go_on()
        # When it is back, and nobody asks for anything
        broker.start()
        running_gate.open()
        # Then both are done before long
        took = until(lambda: done(running) and done(waiting), why=f"{waiting.refresh()}")
        measured(f"{type(broker).__name__} is back, empty: all is done", took)
        crew.go_on()
    assert crew.said.items() <= remote.log().items()


def done(job: Job) -> bool:
    return job.refresh().state == "done"
