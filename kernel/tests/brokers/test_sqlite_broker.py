"""What the embedded broker does beyond the contract."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from dramatiq.common import current_millis
from dramatiq.errors import ConnectionClosed, QueueJoinTimeout, QueueNotFound

from kodkod.jobs.brokers.proof_of_life import ProofOfLife
from kodkod.jobs.brokers.queue_file import QueueSizes
from kodkod.jobs.brokers.sqlite_broker import SqliteBroker

from .services import Service, eventually, message, take, workers


@pytest.fixture
def broker(embedded: Service) -> Any:
    return embedded.broker()


def send(broker: SqliteBroker, *names: str) -> None:
    for name in names:
        broker.enqueue(message("cpu", name))


def drain(broker: SqliteBroker, **options: int) -> list[str]:
    consumer = broker.consume("cpu", **{"prefetch": 100, "timeout": 0, **options})
    taken = []
    while (got := next(consumer)) is not None:
        taken.append(got.args[0])
        consumer.ack(got)
    consumer.close()
    return taken


def test_a_message_that_kills_its_workers_is_delivered_three_times(
    embedded: Service, broker: SqliteBroker
) -> None:
    # Given a message that kills who takes it, and one behind it
    send(broker, "die-1", "after")

    # When worker follows worker
    for _ in range(3):
        with workers(embedded, 1) as [worker]:
            assert worker.next_line() == "took die-1"
            worker.wait()

    # Then it is a dead letter, and what was behind it is done
    with workers(embedded, 1) as [worker]:
        assert worker.next_line() == "took after"
        assert broker.sizes("cpu").dead == 1


def test_a_killed_worker_is_noticed_within_half_a_second(
    embedded: Service, broker: SqliteBroker
) -> None:
    # Given a worker in the middle of a job, and an idle consumer
    consumer = broker.consume("cpu", prefetch=1, timeout=50)
    with workers(embedded, 1) as [victim]:
        send(broker, "hold-1")
        assert victim.next_line() == "took hold-1"

        # When the worker is killed
        victim.process.kill()
        begun = time.monotonic()
        got = take(consumer)

    # Then its job is here, for the second time
    assert time.monotonic() - begun < 0.5 + 0.5  # as much again for a machine that is busy
    assert got.deliveries == 2


def test_a_stopped_worker_keeps_its_job(embedded: Service, broker: SqliteBroker) -> None:
    # Given a worker in the middle of a job
    with workers(embedded, 1) as [worker]:
        send(broker, "hold-1")
        assert worker.next_line() == "took hold-1"

        # When it is stopped as a debugger or a laptop's lid stops it
        worker.process.send_signal(signal.SIGSTOP)

        # Then it is not taken for dead
        assert drain(broker, timeout=500) == []
        assert broker.sizes("cpu").taken == 1


def test_prefetched_messages_go_back_in_their_places(broker: SqliteBroker) -> None:
    # Given a consumer that has taken three messages and begun none but the first
    send(broker, "a", "b", "c", "d")
    consumer = broker.consume("cpu", prefetch=3, timeout=0)
    first = take(consumer)
    second = take(consumer)

    # When it acknowledges the first and ends in good order
    consumer.ack(first)
    consumer.requeue([second])
    consumer.close()

    # Then the others come again in order, as if for the first time
    again = broker.consume("cpu", prefetch=9, timeout=0)
    got = [take(again) for _ in "bcd"]
    assert [(one.args[0], one.deliveries) for one in got] == [("b", 1), ("c", 1), ("d", 1)]


def test_no_more_is_taken_than_prefetched(broker: SqliteBroker) -> None:
    # Given a consumer that may hold two messages
    send(broker, "a", "b", "c")
    consumer = broker.consume("cpu", prefetch=2, timeout=0)

    # When it is asked for three
    got = [next(consumer), next(consumer), next(consumer)]

    # Then the third comes after an acknowledgement
    assert got[2] is None
    assert broker.sizes("cpu") == QueueSizes(waiting=1, delayed=0, taken=2, dead=0)
    assert got[0] is not None
    consumer.ack(got[0])
    assert take(consumer).args == ("c",)


def test_threads_and_processes_together_lose_and_double_nothing(
    embedded: Service, broker: SqliteBroker
) -> None:
    # Given two workers
    with workers(embedded, 2) as team:
        # When eight threads send at once
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: send(broker, f"{number}"), range(400)))
        broker.join("cpu", timeout=30_000)
        for worker in team:
            worker.stop()

        # Then each message was taken once
        lines = sorted(line for worker in team for line in worker.said())
        assert lines == sorted(f"took {number}" for number in range(400))


def test_processes_that_start_together_share_one_new_file(embedded: Service) -> None:
    # Given no file
    code = (
        "import sys; from pathlib import Path; from kodkod.jobs.brokers.broker import make_broker;"
        "from dramatiq import Message;"
        "make_broker('', Path(sys.argv[1])).enqueue("
        "Message(queue_name='cpu', actor_name='work', args=(1,), kwargs={}, options={}))"
    )
    folder = str(embedded.data_dir / "new")
    processes = [subprocess.Popen([sys.executable, "-c", code, folder]) for _ in range(4)]

    # When four processes open it at once
    assert [process.wait(60) for process in processes] == [0] * 4

    # Then all of them have sent their message
    other = Service("", embedded.data_dir / "new", "cpu")
    assert other.unfinished(other.broker()) == 4
    other.clean()


def test_a_delay_is_kept_without_a_worker_that_remembers(broker: SqliteBroker) -> None:
    # Given a message with a delay of an hour, one with a short delay, and one without
    broker.enqueue(message("cpu", "hour"), delay=3_600_000)
    broker.enqueue(message("cpu", "soon"), delay=300)
    send(broker, "now")
    assert broker.sizes("cpu") == QueueSizes(waiting=1, delayed=2, taken=0, dead=0)

    # When a consumer waits for more than is due
    consumer = broker.consume("cpu", prefetch=2, timeout=20_000)
    now = next(consumer)
    begun = current_millis()
    soon = next(consumer)

    # Then it gets the second long before its time-out, and not the third
    assert (now and now.args, soon and soon.args) == (("now",), ("soon",))
    assert current_millis() - begun < 5_000
    assert broker.sizes("cpu") == QueueSizes(waiting=0, delayed=1, taken=2, dead=0)


def test_a_message_that_cannot_be_read_is_a_dead_letter(broker: SqliteBroker) -> None:
    # Given what no encoder has written
    broker.file.put("cpu", b"\xff", eta=0)
    send(broker, "a")

    # When a consumer comes upon it
    taken = drain(broker) + drain(broker)

    # Then it goes on with the next
    assert taken == ["a"]
    assert broker.sizes("cpu") == QueueSizes(waiting=0, delayed=0, taken=0, dead=1)


def test_dead_letters_are_purged_by_age(broker: SqliteBroker) -> None:
    # Given a dead letter
    send(broker, "a")
    consumer = broker.consume("cpu", prefetch=1, timeout=0)
    consumer.nack(take(consumer))

    # When those of yesterday are purged, it stays; when those up to now are, it goes
    assert broker.file.purge_dead_letters(before=current_millis() - 86_400_000) == 0
    assert broker.sizes("cpu").dead == 1
    assert broker.file.purge_dead_letters(before=current_millis() + 1) == 1
    assert broker.sizes("cpu").dead == 0


def test_dead_letters_lapse_after_a_week(broker: SqliteBroker, embedded: Service) -> None:
    # Given a dead letter of eight days ago
    send(broker, "old", "new")
    consumer = broker.consume("cpu", prefetch=1, timeout=0)
    consumer.nack(take(consumer))
    with sqlite3.connect(embedded.data_dir / "queue.db") as other:
        other.execute("UPDATE dead_letter SET died_at = died_at - 8 * 86400000")
    other.close()

    # When another message dies
    consumer.nack(take(consumer))

    # Then only that is kept
    assert broker.sizes("cpu").dead == 1


@pytest.mark.parametrize("flush", [lambda b: b.flush("cpu"), lambda b: b.flush_all()])
def test_a_flush_leaves_nothing(
    broker: SqliteBroker, flush: Callable[[SqliteBroker], None]
) -> None:
    # Given a message in each state
    send(broker, "dead", "taken", "waiting")
    broker.enqueue(message("cpu", "delayed"), delay=60_000)
    consumer = broker.consume("cpu", prefetch=1, timeout=0)
    consumer.nack(take(consumer))
    take(consumer)
    assert broker.sizes("cpu") == QueueSizes(waiting=1, delayed=1, taken=1, dead=1)

    # When the queue is flushed
    flush(broker)

    # Then nothing is left
    assert broker.sizes("cpu") == QueueSizes(waiting=0, delayed=0, taken=0, dead=0)


def test_a_late_acknowledgement_hits_no_other_message(broker: SqliteBroker) -> None:
    # Given a message that was dropped while a worker had it, and one that came after
    send(broker, "dropped")
    consumer = broker.consume("cpu", prefetch=2, timeout=0)
    dropped = take(consumer)
    broker.flush("cpu")
    send(broker, "next")
    take(consumer)

    # When the first is acknowledged
    consumer.ack(dropped)

    # Then the second is still there
    assert broker.sizes("cpu").taken == 1


def test_join_waits_for_what_is_being_processed(broker: SqliteBroker) -> None:
    # Given a message with a worker
    send(broker, "a")
    consumer = broker.consume("cpu", prefetch=1, timeout=0)
    got = take(consumer)

    # When somebody waits for the queue, it takes until the acknowledgement
    with pytest.raises(QueueJoinTimeout):
        broker.join("cpu", timeout=30)
    consumer.ack(got)
    broker.join("cpu", timeout=30)


def test_an_unknown_queue_has_no_consumers(broker: SqliteBroker) -> None:
    with pytest.raises(QueueNotFound):
        broker.consume("tpu")
    with pytest.raises(QueueNotFound):
        broker.join("tpu")


def test_a_file_that_fails_is_a_lost_connection_to_the_worker(broker: SqliteBroker) -> None:
    # Given a file that has lost its tables, as one that lies on a failing disk
    with sqlite3.connect(broker.file.path) as other:
        other.execute("DROP TABLE message")
    other.close()

    # When a message is sent, then the error is one after which Dramatiq tries again
    with pytest.raises(ConnectionClosed, match=r"queue\.db: no such table"):
        send(broker, "a")


def test_a_forked_child_does_not_prove_that_its_parent_lives(embedded: Service) -> None:
    # Given a process that is alive, and a child that it forks
    folder = embedded.data_dir / "workers"
    code = (
        "import os, sys, time; from pathlib import Path;"
        "from kodkod.jobs.brokers.proof_of_life import ProofOfLife;"
        "life = ProofOfLife(Path(sys.argv[1])); print(life.hold(), flush=True);"
        "child = os.fork();"
        "print(child, flush=True) if child else None;"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, folder], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    name, child = parent.stdout.readline().decode().strip(), int(parent.stdout.readline())
    life = ProofOfLife(folder)
    assert life.is_alive(name)

    try:
        # When the parent is killed and the child lives on
        parent.kill()
        parent.wait()

        # Then the parent is dead
        eventually(lambda: not life.is_alive(name), "the parent is seen to be dead")
    finally:
        os.kill(child, signal.SIGKILL)
        parent.stdout.close()


def test_what_dead_workers_left_is_swept(embedded: Service) -> None:
    # Given the files of a worker that was killed and of one that lives
    with workers(embedded, 1) as [victim]:
        victim.kill()
    first, second = (ProofOfLife(embedded.data_dir / "queue.db.workers") for _ in range(2))
    name = first.hold()

    # When another starts
    other = second.hold()

    # Then there is a file for each of the living
    assert {file.name for file in first.folder.iterdir()} == {name, other}
    assert second.is_alive(name)
    first.release()
    assert not second.is_alive(name)
    second.release()
