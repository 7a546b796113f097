"""Measure the brokers with real worker processes: `brokers.py [--json FILE]`.

Measured as the product runs them, one worker thread and a prefetch of 1: messages sent and consumed
a second, the time until an idle worker has picked up a message, seconds from `kill -9` of a worker
until another has its message, and what an idle worker takes of a core. The embedded broker always;
RabbitMQ and Redis where KODKOD_TEST_RABBITMQ_URL and KODKOD_TEST_REDIS_URL name them.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from secrets import token_hex
from threading import Event
from typing import Any

import dramatiq
import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from kodkod.jobs.brokers.broker import make_broker

MESSAGES = 2_000
PICK_UPS = 100
SETTLE_SECONDS = 31.0
"""After so long without a message the embedded broker's worker looks less often."""
IDLE_SECONDS = 5.0


class Result(Struct, kw_only=True):
    """What was measured for one broker."""

    broker: str
    sent_per_second: float
    consumed_per_second: float
    pick_up_ms_p50: float
    pick_up_ms_max: float
    redelivered_seconds: float
    idle_percent_of_a_core: float


class WorkerProcess:
    """A worker in a process of its own, which says what it takes and when."""

    def __init__(self, url: str, data_dir: Path, queue: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--work", url, str(data_dir), queue],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "dramatiq_queue_prefetch": "1"},
        )
        self.took("ready")

    def took(self, name: str) -> float:
        """Return when it took the next message, which must be `name`; seconds since 1970."""
        assert self.process.stdout is not None
        what, when = self.process.stdout.readline().split()
        if what != name:
            raise RuntimeError(f"the worker took {what} where {name} was sent")
        return float(when)

    def cpu_seconds(self) -> float:
        """Return the processor time it has taken, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End it with SIGKILL."""
        self.process.kill()
        self.process.wait()


def work(url: str, data_dir: Path, queue: str) -> None:
    """Be a worker."""
    broker = make_broker(url, data_dir)

    def take(name: str) -> None:
        print(name, time.time(), flush=True)
        if name == "hold":
            Event().wait()

    dramatiq.Actor(take, broker=broker, actor_name="take", queue_name=queue, priority=0, options={})
    print("ready", time.time(), flush=True)
    dramatiq.Worker(broker, queues={queue}, worker_threads=1).start()
    Event().wait()


def measure(name: str, url: str, data_dir: Path) -> Result:
    """Measure one broker on a queue of its own."""
    queue = f"bench-{token_hex(4)}"
    broker: Any = make_broker(url, data_dir)
    broker.declare_queue(queue)

    def send(what: str) -> float:
        begun = time.time()
        broker.enqueue(
            dramatiq.Message(
                queue_name=queue, actor_name="take", args=(what,), kwargs={}, options={}
            )
        )
        return begun

    begun = time.time()
    for _ in range(MESSAGES):
        send("count")
    sent_per_second = MESSAGES / (time.time() - begun)
    worker = WorkerProcess(url, data_dir, queue)
    times = [worker.took("count") for _ in range(MESSAGES)]
    pick_ups = []
    for _ in range(PICK_UPS):
        time.sleep(random.uniform(0.05, 0.25))  # in no step with the worker's looks
        begun = send("idle")
        pick_ups.append(worker.took("idle") - begun)
    time.sleep(SETTLE_SECONDS)
    cpu = worker.cpu_seconds()
    time.sleep(IDLE_SECONDS)
    idle = (worker.cpu_seconds() - cpu) / IDLE_SECONDS
    send("hold")
    worker.took("hold")
    heir = WorkerProcess(url, data_dir, queue)
    killed = time.time()
    worker.kill()
    redelivered = heir.took("hold") - killed
    heir.kill()
    clean(broker, queue)
    return Result(
        broker=name,
        sent_per_second=sent_per_second,
        consumed_per_second=(MESSAGES - 1) / (times[-1] - times[0]),
        pick_up_ms_p50=statistics.median(pick_ups) * 1000,
        pick_up_ms_max=max(pick_ups) * 1000,
        redelivered_seconds=redelivered,
        idle_percent_of_a_core=idle * 100,
    )


def clean(broker: Any, queue: str) -> None:
    """Leave nothing on a service."""
    if hasattr(broker, "client"):
        for key in broker.client.scan_iter(f"{broker.namespace}:*{queue}*"):
            broker.client.delete(key)
    elif hasattr(broker, "channel"):
        for suffix in ("", ".DQ", ".XQ"):
            broker.channel.queue_delete(queue + suffix)
    broker.close()


def show(results: list[Result]) -> None:
    """Print a table: a row for each broker."""
    table = Table("broker")
    heads = ["sent/s", "consumed/s", "pick-up p50, ms", "max, ms", "redelivered, s", "idle, %"]
    for head in heads:
        table.add_column(head, justify="right")
    for result in results:
        name, *figures = msgspec.structs.astuple(result)
        table.add_row(name, *(f"{figure:,.1f}" for figure in figures))
    Console().print(table)


def main() -> None:
    """Measure every broker that is named, print a table, and JSON below it or into a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        url, data_dir, queue = options.work
        return work(url, Path(data_dir), queue)
    urls = {"embedded": ""}
    for name in ("rabbitmq", "redis"):
        url = os.environ.get(f"KODKOD_TEST_{name.upper()}_URL", "")
        urls |= {name: url} if url else {}
    with tempfile.TemporaryDirectory() as folder:
        results = [measure(name, url, Path(folder)) for name, url in urls.items()]
    show(results)
    text = msgspec.json.format(msgspec.json.encode(results)).decode()
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return None


if __name__ == "__main__":
    main()
