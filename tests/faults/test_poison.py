"""A job that kills whoever runs it fails after two deaths; everybody else's goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from faults.books import leftovers
from faults.site import LIMIT, Gate, Site, feature
from kodkod_sdk import JobFailedError

Measured = Callable[[str, float], None]

POISONS = [
    ("fatal", "kill", "worker died 2 times"),
    ("fatal-heavy", "exit", "ended with exit status 3"),
    ("fatal-heavy", "kill-worker", "worker died 2 times"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("component", "how", "reason"), POISONS)
def test_a_poison_job_fails_after_two_deaths(
    site: Site, component: str, how: str, reason: str, measured: Measured
) -> None:
    with site.annotators() as crew:
        # Given a job of somebody else's that runs
        gate, other = site.gated("gated", by_other=True)
        gate.started()
        # When a job kills its process, or its worker, each time it runs
        trace = Gate(site.folder)
        params = {"trace": trace.params["trace"], "how": how}
        began = time.monotonic()
        poison = site.project.create_feature(feature(component, params))
        with pytest.raises(JobFailedError, match=reason):
            poison.wait(LIMIT)
        # Then it has run twice and no more, and says why it failed
        measured(f"{component} ({how}): failed", time.monotonic() - began)
        assert len(trace.pids()) == 2
        assert site.books.job(poison.id).attempts == 2
        # ... the other has not been disturbed, and whoever comes next is served.
        gate.open()
        assert other.wait(LIMIT).state == "done"
        assert len(gate.pids()) == 1
        assert site.project.create_feature(feature("tfidf")).wait(LIMIT).state == "done"
        crew.go_on()
    assert crew.said.items() <= site.log().items()


@pytest.mark.slow
def test_what_poison_leaves_half_written_is_swept_at_the_next_start(site: Site) -> None:
    # Given what is left of a job that was killed and does not run again
    params = {"trace": Gate(site.folder).params["trace"], "how": "kill"}
    poison = site.project.create_feature(feature("fatal-heavy", params))
    with pytest.raises(JobFailedError, match="was killed; it may need more memory"):
        poison.wait(LIMIT)
    assert [path for path in leftovers(site.server.data_dir) if poison.id in path.name]
    # When the server is started again
    site.server.restart()
    # Then nothing is left of it
    site.nothing_left()
