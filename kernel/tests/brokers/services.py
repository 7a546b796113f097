"""The brokers that the contract is tested with, and what tests have to know about each."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import pytest
from dramatiq import Broker, Consumer, Message, MessageProxy

from kodkod.jobs.brokers.broker import make_broker

PATIENCE = 30.0


class Service:
    """One broker; `url` is empty for the embedded one."""

    def __init__(self, url: str, data_dir: Path, queue: str) -> None:
        self.url = url
        self.data_dir = data_dir
        self.queue = queue
        self._brokers: list[Any] = []

    def broker(self) -> Broker:
        """Return a broker of its own, as another process would have it."""
        broker: Any = make_broker(self.url, self.data_dir)
        if self.url.startswith("redis"):
            # So that a test need not wait until a heartbeat is 15 seconds old.
            broker.heartbeat_timeout = 1_000
        broker.declare_queue(self.queue)
        self._brokers.append(broker)
        return broker

    def unfinished(self, broker: Any) -> int:
        """Count the messages that are waiting or, but for RabbitMQ, being processed."""
        if self.url.startswith("redis"):
            return broker.do_qsize(self.queue)
        if self.url.startswith("amqp"):
            return sum(broker.get_queue_message_counts(self.queue)[:2])
        sizes = broker.sizes(self.queue)
        return sizes.waiting + sizes.delayed + sizes.taken

    def dead(self, broker: Any) -> int:
        """Count the dead letters."""
        if self.url.startswith("redis"):
            return broker.client.zcard(f"{broker.namespace}:{self.queue}.XQ")
        if self.url.startswith("amqp"):
            return broker.get_queue_message_counts(self.queue)[2]
        return broker.sizes(self.queue).dead

    def clean(self) -> None:
        """Close the brokers; leave nothing on a service that other tests and people use."""
        broker: Any = self.broker()
        if self.url.startswith("redis"):
            for key in broker.client.scan_iter(f"{broker.namespace}:*{self.queue}*"):
                broker.client.delete(key)
        elif self.url.startswith("amqp"):
            for suffix in ("", ".DQ", ".XQ"):
                broker.channel.queue_delete(self.queue + suffix)
        for broker in self._brokers:
            broker.close()
            if self.url.startswith("redis"):
                broker.client.close()


def service_url(name: str) -> str:
    """Return the URL of a service, or skip the test and say why."""
    if name == "embedded":
        return ""
    variable = f"KODKOD_TEST_{name.upper()}_URL"
    if not os.environ.get(variable):
        pytest.skip(f"{variable} is not set: {name} is not tested here")
    return os.environ[variable]


def message(queue: str, name: str) -> Message[None]:
    """Return a message that makes a worker of the tests do what `name` says."""
    return Message(queue_name=queue, actor_name="work", args=(name,), kwargs={}, options={})


def take(consumer: Consumer) -> MessageProxy:
    """Return the next message."""
    return eventually(lambda: next(consumer), "a message is delivered")


def eventually(look: Callable[[], Any], what: str) -> Any:
    """Return the first true value of `look`; fail if there is none."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.01)
    return pytest.fail(f"in {PATIENCE:.0f} seconds it did not happen that {what}")


class WorkerProcess:
    """A real worker; see queue_worker.py."""

    def __init__(self, service: Service) -> None:
        self.taken: SimpleQueue[str] = SimpleQueue()
        self.process = subprocess.Popen(
            [
                sys.executable,
                Path(__file__).with_name("queue_worker.py"),
                service.url,
                service.data_dir,
                service.queue,
            ],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "dramatiq_queue_prefetch": "1"},
        )
        self._reader = Thread(target=self._read)
        self._reader.start()

    def next_line(self) -> str:
        """Return what it says next."""
        try:
            return self.taken.get(timeout=PATIENCE)
        except Empty:
            return pytest.fail(f"a worker said nothing for {PATIENCE:.0f} seconds")

    def said(self) -> list[str]:
        """Return what it has said since the last time."""
        return [self.taken.get() for _ in range(self.taken.qsize())]

    def kill(self) -> None:
        """End it as the kernel does when memory runs out."""
        self.process.kill()
        self.wait()

    def stop(self) -> None:
        """End it in good order."""
        self.process.terminate()
        self.wait()

    def wait(self) -> None:
        """Wait until it has ended."""
        self.process.wait(PATIENCE)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.taken.put(line.rstrip("\n"))


@contextmanager
def workers(service: Service, count: int) -> Iterator[list[WorkerProcess]]:
    """Give so many workers, and end those that are left."""
    started: list[WorkerProcess] = []
    try:
        started += [WorkerProcess(service) for _ in range(count)]
        for worker in started:
            assert worker.next_line() == "ready"
        yield started
    finally:
        for worker in started:
            worker.kill()
