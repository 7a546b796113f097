import os
import shlex
import signal
import subprocess
import sys
import time

import pytest

from kodkod_carbon.cards import CardMeter, CardState, Occupant
from kodkod_carbon.machine_time import busy_seconds
from kodkod_carbon.meter import Meter
from kodkod_carbon.process_tree import ProcessTree, TreeSample
from kodkod_carbon.rapl import Domain, PackageCounters

GB = 10**9


class World:
    """A machine whose clock, processes and counters a test moves."""

    def __init__(self, folder):
        self.now = 100.0
        self.cpu = 10.0
        self.rss = GB
        self.busy = 50.0
        self.counter = folder / "energy_uj"
        self.counter.write_text("0")
        self.uj = 0

    def sample(self):
        return TreeSample(self.cpu, self.rss, frozenset({1}))

    def pass_time(self, seconds, *, cpu=0.0, others=0.0, joules=0.0, rss=None):
        self.now += seconds
        self.cpu += cpu
        self.busy += cpu + others
        self.rss = self.rss if rss is None else rss
        self.uj += round(joules * 1e6)
        if self.counter.exists():
            self.counter.write_text(str(self.uj))

    def meter(self, **options):
        counters = PackageCounters([Domain("package-0", self.counter, 10**12)])
        return Meter(
            self,
            counters=counters,
            busy=lambda: self.busy,
            clock=lambda: self.now,
            **options,
        )


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_energy_is_shared_in_each_interval_by_its_own_shares(world):
    meter = world.meter()
    # Given a second in which the job was one of two, and one in which it waited
    world.pass_time(1.0, cpu=1.0, others=1.0, joules=40.0)
    meter.tick()
    world.pass_time(1.0, others=2.0, joules=60.0)
    meter.tick()
    world.pass_time(1.0, cpu=2.0, joules=50.0)
    reading = meter.stop()
    # Then it is billed 40 / 2 + 0 + 50
    assert reading.packages.joules == pytest.approx(70.0)
    assert reading.packages.busy_seconds == pytest.approx(6.0)
    assert (reading.seconds, reading.cpu_seconds) == (3.0, pytest.approx(3.0))


def test_memory_is_averaged_over_time(world):
    meter = world.meter()
    world.pass_time(2.0, rss=3 * GB)
    meter.tick()
    world.pass_time(1.0)
    assert meter.stop().gb_seconds == pytest.approx((1 + 3) / 2 * 2 + 3)


def test_a_job_without_a_look_in_between_is_metered_from_start_to_end(world):
    meter = world.meter()
    world.pass_time(0.1, cpu=0.1, joules=3.0)
    assert meter.stop().packages.joules == pytest.approx(3.0)


def test_a_counter_that_fails_on_the_way_leaves_an_estimate(world):
    meter = world.meter()
    world.pass_time(1.0, cpu=1.0, joules=40.0)
    meter.tick()
    world.counter.unlink()
    world.pass_time(1.0, cpu=1.0)
    meter.tick()
    reading = meter.stop()
    assert reading.packages is None
    assert "failed during the job" in reading.unmeasured
    assert reading.cpu_seconds == pytest.approx(2.0)


def test_counters_that_stand_still_measure_nothing(world):
    meter = world.meter()
    world.pass_time(1.0, cpu=1.0)
    reading = meter.stop()
    assert reading.packages is None
    assert "stand still" in reading.unmeasured


class BrokenCard:
    uuid = "GPU-a"
    name = "H100"

    def __init__(self, answers):
        self._answers = answers

    def state(self):
        if not self._answers:
            raise RuntimeError("the card fell off the bus")
        return self._answers.pop(0)


def test_a_card_that_fails_on_the_way_leaves_an_estimate_of_what_it_told(world):
    card = BrokenCard([CardState(0.0, None, (Occupant(1),)), CardState(90.0, None, (Occupant(1),))])
    meter = world.meter(cards=lambda: CardMeter([card]))
    for _ in range(3):
        world.pass_time(1.0)
        meter.tick()
    use = meter.stop().cards
    assert (use.joules, use.measured) == (90.0, False)
    assert "until their driver failed" in use.how


def test_cards_are_not_looked_for_in_jobs_that_are_over_before_the_first_look(world):
    def never():
        raise AssertionError("the driver was woken")

    meter = world.meter(cards=never)
    world.pass_time(0.1)
    assert meter.stop().cards is None


def test_a_driver_that_does_not_answer_is_not_asked_again(world):
    card = BrokenCard([CardState(0.0, None, (Occupant(1),))])
    meter = world.meter(cards=lambda: CardMeter([card]))
    world.pass_time(1.0)
    meter.tick()
    use = meter.stop(ask_cards=False).cards
    assert not use.measured


@pytest.fixture
def neighbour():
    """A real process that burns a CPU, and is nobody's child here."""
    burn = shlex.quote("import os\nprint(os.getpid(), flush=True)\nwhile True: pass")
    # The shell that starts it is gone at once.
    told = subprocess.Popen(
        f"{shlex.quote(sys.executable)} -c {burn} &", shell=True, stdout=subprocess.PIPE
    )
    pid = int(told.stdout.readline())
    told.wait()
    yield pid
    os.kill(pid, signal.SIGKILL)
    told.stdout.close()


@pytest.mark.alone
def test_a_busy_neighbour_pays_for_its_own_work(tmp_path, neighbour):
    counter = tmp_path / "energy_uj"
    counter.write_text("0")
    counters = PackageCounters([Domain("package-0", counter, 10**12)])
    # When a job waits for a second while the packages take 100 J
    meter = Meter(ProcessTree(), counters=counters, busy=busy_seconds)
    time.sleep(1.0)
    counter.write_text(str(100 * 10**6))
    reading = meter.stop()
    # Then it is billed next to nothing
    assert neighbour not in ProcessTree().sample().pids
    assert reading.packages.joules < 5.0


@pytest.mark.alone
def test_beside_a_busy_neighbour_a_job_pays_for_its_own_work(tmp_path, neighbour):
    counter = tmp_path / "energy_uj"
    counter.write_text("0")
    counters = PackageCounters([Domain("package-0", counter, 10**12)])
    # When a job works for a second of processor time while the packages take 100 J
    meter = Meter(ProcessTree(), counters=counters, busy=busy_seconds)
    until = time.process_time() + 1.0
    while time.process_time() < until:
        pass
    counter.write_text(str(100 * 10**6))
    reading = meter.stop()
    # Then its share is that of its second in all that were worked
    expected = 100 / max(reading.packages.busy_seconds, reading.seconds)
    assert reading.packages.busy_seconds > 1.5
    assert reading.packages.joules == pytest.approx(expected, rel=0.1)
