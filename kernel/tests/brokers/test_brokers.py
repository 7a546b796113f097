"""What the kernel's jobs may rely on, whichever broker carries them."""

from __future__ import annotations

import time
from collections import Counter

from dramatiq import Broker

from .services import Service, eventually, message, take, workers


def send(broker: Broker, service: Service, *names: str) -> None:
    for name in names:
        broker.enqueue(message(service.queue, name))


def test_what_is_sent_arrives_as_it_was(service: Service, broker: Broker) -> None:
    # Given a message from one process
    sent = broker.enqueue(message(service.queue, "job 7 \u00e9\u4e2d"))

    # When another one listens
    consumer = service.broker().consume(service.queue, prefetch=1, timeout=100)
    got = take(consumer)

    # Then it gets what was sent
    assert (got.actor_name, got.args, got.message_id) == ("work", sent.args, sent.message_id)
    consumer.ack(got)
    consumer.close()


def test_who_sends_need_not_declare_the_queue(service: Service, broker: Broker) -> None:
    # Given a broker that knows no queue
    broker.queues.clear()

    # When it is given a message
    send(broker, service, "a")

    # Then the message is there
    assert eventually(lambda: service.unfinished(broker), "the message is counted") == 1


def test_messages_come_in_the_order_in_which_they_were_sent(
    service: Service, broker: Broker
) -> None:
    # Given twenty messages
    names = [f"{number}" for number in range(20)]
    send(broker, service, *names)

    # When one worker takes them one by one
    with workers(service, 1) as [worker]:
        got = [worker.next_line() for _ in names]

    # Then their order is kept
    assert got == [f"took {name}" for name in names]


def test_a_delayed_message_comes_when_it_is_due_and_not_before(
    service: Service, broker: Broker
) -> None:
    # Given a worker
    with workers(service, 1) as [worker]:
        # When a message is sent with a delay, and after it one without
        begun = time.time()
        broker.enqueue(message(service.queue, "later"), delay=700)
        send(broker, service, "now")

        # Then the second overtakes, and the first comes after its delay
        assert worker.next_line() == "took now"
        assert worker.next_line() == "took later"
        assert 0.7 <= time.time() - begun < 5.0


def test_each_message_goes_to_one_of_the_workers(service: Service, broker: Broker) -> None:
    # Given three workers
    names = [f"{number}" for number in range(60)]
    with workers(service, 3) as team:
        # When they have taken all that was sent
        send(broker, service, *names)
        broker.join(service.queue, timeout=30_000)
        for worker in team:
            worker.stop()

        # Then each message was taken once
        lines = [line for worker in team for line in worker.said()]
        assert Counter(lines) == Counter(f"took {name}" for name in names)


def test_a_worker_takes_nothing_while_it_is_busy(service: Service, broker: Broker) -> None:
    # Given a worker that is busy with a long job
    with workers(service, 1) as [busy]:
        send(broker, service, "hold-1")
        assert busy.next_line() == "took hold-1"

        # When more is sent, and another worker comes
        send(broker, service, "a", "b", "c")
        with workers(service, 1) as [free]:
            # Then the free one gets all of it
            assert [free.next_line() for _ in "abc"] == ["took a", "took b", "took c"]
        (service.data_dir / "hold-1").touch()


def test_a_job_longer_than_a_heartbeat_stays_with_its_worker(
    service: Service, broker: Broker
) -> None:
    # Given a worker in the middle of a job
    with workers(service, 1) as [busy]:
        send(broker, service, "hold-1")
        assert busy.next_line() == "took hold-1"

        # When another one asks for more, until longer than a heartbeat may take
        consumer = broker.consume(service.queue, prefetch=1, timeout=50)
        until = time.monotonic() + 1.5
        got = next(one for one in consumer if one or time.monotonic() > until)

        # Then it does not get that job
        assert got is None
        consumer.close()
        (service.data_dir / "hold-1").touch()
        broker.join(service.queue, timeout=30_000)


def test_what_is_acknowledged_is_gone(service: Service, broker: Broker) -> None:
    # Given a message that a worker has taken
    send(broker, service, "a")
    consumer = broker.consume(service.queue, prefetch=1, timeout=100)
    got = take(consumer)

    # When it is acknowledged
    consumer.ack(got)
    consumer.close()

    # Then it is nowhere
    assert service.unfinished(broker) == 0
    assert service.dead(broker) == 0


def test_what_is_rejected_goes_to_the_dead_letters(service: Service, broker: Broker) -> None:
    # Given a message that a worker has taken
    send(broker, service, "a")
    consumer = broker.consume(service.queue, prefetch=1, timeout=100)
    got = take(consumer)

    # When it is rejected
    consumer.nack(got)
    consumer.close()

    # Then it is a dead letter and is not delivered again
    assert eventually(lambda: service.dead(broker), "it is a dead letter") == 1
    assert service.unfinished(broker) == 0


def test_a_job_that_raises_is_not_tried_again(service: Service, broker: Broker) -> None:
    # Given a worker
    with workers(service, 1) as [worker]:
        # When a job raises
        send(broker, service, "raise-1", "after")

        # Then it is a dead letter, and the worker goes on
        assert worker.next_line() == "took raise-1"
        assert worker.next_line() == "took after"
        assert eventually(lambda: service.dead(broker), "it is a dead letter") == 1
        worker.stop()
        assert worker.said() == []


def test_the_job_of_a_killed_worker_goes_to_another(service: Service, broker: Broker) -> None:
    # Given a worker in the middle of a job, and an idle one
    with workers(service, 1) as [victim]:
        send(broker, service, "hold-1")
        assert victim.next_line() == "took hold-1"

        # When the first is killed
        victim.kill()

    # Then the other gets the job
    consumer = broker.consume(service.queue, prefetch=1, timeout=100)
    got = take(consumer)
    assert got.args == ("hold-1",)
    consumer.ack(got)
    consumer.close()
    assert service.unfinished(broker) == 0


def test_what_waits_outlives_everyone(service: Service) -> None:
    # Given messages that nobody has taken
    broker = service.broker()
    send(broker, service, "a", "b")
    broker.close()

    # When a worker starts, later
    with workers(service, 1) as [worker]:
        # Then nothing is missing
        assert [worker.next_line(), worker.next_line()] == ["took a", "took b"]


def test_flush_drops_what_waits(service: Service, broker: Broker) -> None:
    # Given messages
    send(broker, service, "a", "b")

    # When the queue is flushed
    broker.flush(service.queue)
    send(broker, service, "c")

    # Then they are gone
    with workers(service, 1) as [worker]:
        assert worker.next_line() == "took c"
        worker.stop()
        assert worker.said() == []
