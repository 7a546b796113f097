import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod_carbon.process_tree import CpuClock, ProcessTree, TreeSample

BURN = "import time\nwhile time.process_time() < {seconds}: pass\n"
SAY_SO = "print('done', flush=True)\n"
STAY = "import sys\nsys.stdin.read()\n"


def start(code, **options):
    """Start Python with these lines; its standard input stays open until it is killed."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def finish(process):
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


@pytest.fixture
def clock():
    return CpuClock(ProcessTree())


def test_own_work_counts(clock):
    began = time.process_time()
    while time.process_time() - began < 0.3:
        pass
    seconds, _ = clock.read()
    assert seconds == pytest.approx(time.process_time() - began, abs=0.1)


def test_a_living_child_counts_with_its_memory_and_number(clock):
    _, before = clock.read()
    child = start(BURN.format(seconds=0.5) + SAY_SO + STAY)
    child.stdout.readline()
    seconds, sample = clock.read()
    assert 0.4 < seconds < 1.0
    assert child.pid in sample.pids
    assert sample.rss_bytes > before.rss_bytes + 1_000_000
    finish(child)


def test_a_child_killed_with_sigkill_counts_in_full(clock):
    # Given a child that worked for a second and is still there
    child = start(BURN.format(seconds=1.0) + SAY_SO + STAY)
    child.stdout.readline()
    # When it is killed, without anyone having looked at it
    finish(child)
    # Then what it used is in the account
    seconds, sample = clock.read()
    assert seconds == pytest.approx(1.0, rel=0.15)
    assert child.pid not in sample.pids


def test_what_was_seen_of_an_orphan_is_kept(clock):
    # Given a child whose own child has worked for half a second
    grandchild = BURN.format(seconds=0.5) + "print('done', flush=True)\n" + STAY
    child = start(
        "import subprocess, sys\n"
        f"own = subprocess.Popen([sys.executable, '-c', {grandchild!r}])\n"
        "print(own.pid, flush=True)\n"
        "own.wait()\n"
    )
    pid = int(child.stdout.readline())
    child.stdout.readline()
    before, _ = clock.read()
    assert 0.4 < before < 1.0
    # When the child is killed, so that nobody will ever wait for the grandchild
    child.kill()
    child.wait()
    # Then its work stays in the account
    after, sample = clock.read()
    assert pid not in sample.pids
    assert after == pytest.approx(before, abs=0.1)
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
    child.stdin.close()
    child.stdout.close()


def test_children_that_were_there_before_count_from_now_on():
    child = start(BURN.format(seconds=0.5) + SAY_SO + STAY)
    child.stdout.readline()
    clock = CpuClock(ProcessTree())
    finish(child)
    assert clock.read()[0] < 0.1


def test_without_children_no_other_process_is_looked_at():
    # In a process of its own: what other tests left running may be children of this one.
    code = """
import os
import psutil
from kodkod_carbon.process_tree import ProcessTree

def never(*_arguments, **_options):
    raise AssertionError("all processes of the machine were read")

psutil.Process.children = never
assert ProcessTree().sample().pids == {os.getpid()}
"""
    subprocess.run([sys.executable, "-c", code], check=True)


class Told:
    """A tree that tells what a test says, one sample after the other."""

    def __init__(self, *seconds):
        self._seconds = list(seconds)

    def sample(self):
        told = self._seconds[0] if len(self._seconds) == 1 else self._seconds.pop(0)
        return TreeSample(told, 0, frozenset())


def test_a_child_that_is_waited_for_between_two_looks_is_not_counted_twice():
    # Given 5 s of a child that are in no count for a moment
    clock = CpuClock(Told(10.0, 15.0, 10.0, 15.0, 16.0))
    assert clock.read()[0] == 5.0
    # When the next look misses them and the one right after finds them with the parent
    assert clock.read()[0] == 5.0
    assert clock.read()[0] == 6.0


def test_time_that_is_gone_for_good_stays_counted():
    clock = CpuClock(Told(10.0, 15.0, 12.0))
    assert clock.read()[0] == 5.0
    assert clock.read()[0] == 5.0


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=30))
def test_the_clock_never_goes_back(seconds):
    clock = CpuClock(Told(*seconds))
    last = 0.0
    for _ in seconds:
        now, _ = clock.read()
        assert now >= last - 1e-6
        last = now
