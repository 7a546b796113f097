"""The broker: whether a message that is sent comes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from dramatiq import Broker, Message
from dramatiq.common import dq_name, xq_name

from kodkod.api import UnavailableError
from kodkod.cli.checkup.finding import Case, Finding, ok, problem
from kodkod.jobs.brokers.broker import make_broker, waiting_messages
from kodkod.jobs.messages import QUEUES

__all__ = ["check_broker"]

_PATIENCE_MS = 5_000
_MEND = "See that it runs, that broker_url is right, and that its disk is not full."


def check_broker(case: Case) -> Iterator[Finding]:
    """Send a message through a queue of its own, which is deleted afterwards."""
    settings = case.settings
    embedded = not settings.broker_url
    if embedded and not (settings.data_dir / "queue.db").exists():
        yield ok("broker", f"{settings.data_dir / 'queue.db'} is made at the first start")
        return
    if embedded and not case.writes:
        yield ok("broker", "The embedded one was not tried, as it belongs to somebody else")
        return
    try:
        broker = make_broker(settings.broker_url, settings.data_dir)
    except UnavailableError as error:
        yield problem("broker", error.message, _MEND)
        return
    kind = settings.broker_url.partition(":")[0] or "the embedded one"
    try:
        milliseconds = _round_trip(broker)
        waiting = {name: waiting_messages(broker, name) for name in QUEUES}
    except Exception as error:  # noqa: BLE001 - each broker raises errors of its own
        yield problem("broker", f"{kind} cannot be used: {_told(error)}", _MEND)
        return
    finally:
        broker.close()
    told = ", ".join(f"{count} {name}" for name, count in waiting.items())
    yield ok("broker", f"{kind}: a message comes after {milliseconds:.1f} ms; waiting: {told}")


def _told(error: Exception) -> str:
    return str(error) or str(error.__cause__ or type(error).__name__)


def _round_trip(broker: Broker) -> float:
    """Return the milliseconds until a message is back.

    Raises:
        TimeoutError: it did not come.
        Exception: what the broker raises.
    """
    for name in QUEUES:
        broker.declare_queue(name)
    queue = f"doctor-{secrets.token_hex(4)}"
    broker.declare_queue(queue)
    consumer = broker.consume(queue, prefetch=1, timeout=_PATIENCE_MS)
    try:
        began = perf_counter()
        broker.enqueue(
            Message(queue_name=queue, actor_name="doctor", args=(), kwargs={}, options={})
        )
        message = next(consumer)
        if message is None:
            raise TimeoutError(f"a message did not come within {_PATIENCE_MS / 1000:.0f} s")
        spent = (perf_counter() - began) * 1000
        consumer.ack(message)
        return spent
    finally:
        consumer.close()
        _delete(broker, queue)


def _delete(broker: Any, queue: str) -> None:
    if hasattr(broker, "channel"):  # RabbitMQ keeps empty queues.
        for name in (queue, dq_name(queue), xq_name(queue)):
            broker.channel.queue_delete(name)
    else:
        broker.flush(queue)
