"""Which broker an installation uses: one setting, a URL."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import Any

from dramatiq import Broker, Middleware
from dramatiq.common import dq_name
from dramatiq.middleware import Retries

from kodkod.api import UnavailableError
from kodkod.jobs.brokers.sqlite_broker import SqliteBroker

__all__ = ["make_broker", "waiting_messages"]

_KNOWN = "sqlite:///, amqp://, amqps://, redis:// or rediss://; leave it empty for the embedded one"


def make_broker(url: str, data_dir: Path) -> Broker:
    """Return the broker at `url`, with the middleware that the kernel's jobs need.

    - empty: the embedded one in `data_dir/queue.db`; `sqlite:///` and a path (relative to
      `data_dir`): in that file. It is for the processes of one machine, on a local disk.
    - `amqp://`, `amqps://`: RabbitMQ; `redis://`, `rediss://`: Redis or Valkey. Installations that
      share a service need a virtual host or a database number each.

    A service is first called when a message is sent or awaited.

    Raises:
        UnavailableError: the URL is none of these, its client is not installed, or the file cannot
            be used. No message repeats the URL, which may hold a password.
    """
    scheme, separator, rest = url.partition("://")
    if not url:
        return _embedded(data_dir / "queue.db")
    if not separator:
        raise UnavailableError(f"broker_url has no scheme; begin it with {_KNOWN}")
    match scheme.lower():
        case "sqlite":
            return _embedded(data_dir / (rest.removeprefix("/") or "queue.db"))
        case "amqp" | "amqps" | "redis" | "rediss" as service:
            return _service(service, url)
        case unknown:
            raise UnavailableError(f"broker_url begins with {unknown!r}; begin it with {_KNOWN}")


def waiting_messages(broker: Broker, queue: str) -> int:
    """Return how many messages of a queue no worker has taken yet, those not yet due included.

    Raises:
        Exception: what the broker's client raises where the service does not answer.
    """
    if isinstance(broker, SqliteBroker):
        sizes = broker.sizes(queue)
        return sizes.waiting + sizes.delayed
    counting: Any = broker
    if hasattr(broker, "get_queue_message_counts"):
        waiting, delayed, _dead = _rabbitmq_counts(counting, queue)
        return waiting + delayed
    names = (f"{counting.namespace}:{queue}", f"{counting.namespace}:{dq_name(queue)}")
    return sum(counting.client.llen(name) for name in names)


def _rabbitmq_counts(broker: Any, queue: str) -> tuple[int, int, int]:
    try:
        return broker.get_queue_message_counts(queue)
    except Exception:  # noqa: BLE001 - whatever has broken it
        # This thread's connection stays broken until it is dropped, which only `enqueue` does.
        del broker.connection
        return broker.get_queue_message_counts(queue)


def _middleware() -> list[Middleware]:
    """Return what Dramatiq does around a job: send what raised to the dead letters, no more.

    Of Dramatiq's defaults, none else fits a message that only names a row: the row decides whether
    a job runs again (Retries would run it twenty times more), how long it may take (TimeLimit:
    ten minutes) and grow old (AgeLimit), what follows it (Callbacks, Pipelines), and how it ends at
    a shutdown (ShutdownNotifications raises inside whatever line the thread is at).
    """
    return [Retries(max_retries=0)]


def _embedded(path: Path) -> Broker:
    broker = SqliteBroker(path, middleware=_middleware())
    try:
        broker.open()
    except (OSError, sqlite3.DatabaseError) as error:
        raise UnavailableError(
            f"the queue in {path} cannot be used: {error}; "
            "see that the file and its folder can be written and that the disk has room"
        ) from error
    return broker


def _service(scheme: str, url: str) -> Broker:
    try:
        return _rabbitmq(url) if scheme.startswith("amqp") else _redis(url)
    except ImportError as error:
        extra = "rabbitmq" if scheme.startswith("amqp") else "redis"
        raise UnavailableError(
            f"broker_url begins with {scheme}:// and the client for it is not installed; "
            f"run: pip install 'kodkod-kernel[{extra}]'"
        ) from error
    except ValueError:
        # The reason quotes parts of the URL, so neither it nor its traceback goes on.
        raise UnavailableError(
            f"broker_url begins with {scheme}:// and the rest of it cannot be read; it looks like "
            f"{scheme}://user:password@host:port/name, with %XX for special characters"
        ) from None


def _rabbitmq(url: str) -> Broker:
    from dramatiq.brokers.rabbitmq import RabbitmqBroker

    # It takes ten lines for each attempt to say what its error says in one, which is logged.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    # Confirmed: a message that was sent is on the service's disk, as with the embedded broker.
    return RabbitmqBroker(url=url, confirm_delivery=True, middleware=_middleware())


def _redis(url: str) -> Broker:
    from dramatiq.brokers.redis import RedisBroker

    # By default a dead worker's messages come back after a minute, and only by chance.
    return RedisBroker(
        url=url,
        namespace="kodkod",
        heartbeat_timeout=15_000,
        maintenance_chance=1_000_000,
        middleware=_middleware(),
    )
