import threading

import pytest

from kodkod_carbon.sampler import Sampler

SOON = 10.0


class Ticks:
    """Counts ticks, and lets a test wait for them."""

    def __init__(self):
        self._changed = threading.Condition()
        self.count = 0

    def __call__(self):
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def wait_for(self, count, within=SOON):
        with self._changed:
            return self._changed.wait_for(lambda: self.count >= count, within)


@pytest.fixture
def sampler():
    return Sampler(first=0.01, every=0.01, patience=0.05)


def test_a_job_is_looked_at_again_and_again_until_it_ends(sampler):
    ticks = Ticks()
    job = sampler.begin(ticks)
    assert ticks.wait_for(3)
    assert sampler.end(job)
    after = ticks.count
    other = Ticks()
    next_job = sampler.begin(other)
    assert other.wait_for(3)
    sampler.end(next_job)
    assert ticks.count == after


def test_a_job_that_is_over_at_once_is_never_looked_at():
    sampler, ticks = Sampler(first=60.0), Ticks()
    for _ in range(100):
        assert sampler.end(sampler.begin(ticks))
    assert ticks.count == 0


def test_one_thread_serves_all_jobs(sampler):
    before = threading.active_count()
    ticks = [Ticks() for _ in range(5)]
    jobs = [sampler.begin(each) for each in ticks]
    assert all(each.wait_for(2) for each in ticks)
    assert threading.active_count() == before + 1
    for job in jobs:
        sampler.end(job)


def test_a_short_wait_is_not_hidden_behind_a_long_one():
    # Given a thread that waits for a job whose next look is far off
    sampler, slow = Sampler(first=0.01, every=60.0), Ticks()
    first = sampler.begin(slow)
    assert slow.wait_for(1)
    # When another job begins
    quick = Ticks()
    second = sampler.begin(quick)
    # Then it is looked at in its own time
    assert quick.wait_for(1)
    sampler.end(first)
    sampler.end(second)


def test_a_look_that_fails_is_tried_again(sampler):
    ticks = Ticks()

    def fail():
        ticks()
        raise RuntimeError("the sensor is unwell")

    job = sampler.begin(fail)
    assert ticks.wait_for(2)
    assert sampler.end(job)


def test_a_sensor_that_never_answers_does_not_keep_the_job(sampler):
    entered, answer = threading.Event(), threading.Event()

    def hang():
        entered.set()
        answer.wait(SOON)

    job = sampler.begin(hang)
    assert entered.wait(SOON)
    assert sampler.end(job) is False
    answer.set()


def test_what_takes_long_is_done_less_often():
    # Given looks that take a hundredth of a second
    sampler, ticks, pause = Sampler(first=0.0, every=0.0), Ticks(), threading.Event()

    def slow():
        pause.wait(0.01)
        ticks()

    job = sampler.begin(slow)
    assert ticks.wait_for(1)
    # Then the next is two seconds away
    assert not ticks.wait_for(2, within=0.5)
    sampler.end(job)
