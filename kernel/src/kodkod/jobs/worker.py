"""Entry of a worker process: `python -m kodkod.jobs.worker --queues live`."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Sequence
from importlib import import_module

import msgspec
import structlog
from dramatiq import Broker, Worker
from msgspec import Struct

from kodkod.api import ModelSpec
from kodkod.jobs.brokers.broker import make_broker
from kodkod.jobs.messages import QUEUES, listen
from kodkod.jobs.niceness import behind_annotators
from kodkod.jobs.presence import Presence
from kodkod.jobs.pulse import Pulse
from kodkod.jobs.runner import JobRunner
from kodkod.jobs.scratch import sweep_scratch
from kodkod.jobs.workspace import Workspace
from kodkod.logs import bind_process, configure_logs
from kodkod.settings import Settings, load_settings

__all__ = ["PATIENT_THREADS", "Post", "main", "run_worker", "worker_name"]

# Spinning threads beside a busy neighbour make one another several times slower. Read by the
# libraries when they are loaded, which is after this.
PATIENT_THREADS = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0"}
_LEAVE_SECONDS = 8.0
_LISTEN_SECONDS = 0.25
_POLL_MS = 1_000

_log = structlog.get_logger(__name__)


def worker_name() -> str:
    """Return a name that no other worker has, on any host, at any time."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


class Post(Struct, frozen=True, kw_only=True):
    """Where a worker works: its queues, its card (uuid), and who restarts it in its place."""

    queues: tuple[str, ...]
    name: str
    card: str | None = None
    master: str = ""
    restarts: int = 0


def run_worker(settings: Settings, post: Post, *, supervised: bool = False) -> None:
    """Run jobs until a signal; a supervised worker also ends with its standard input.

    A job that is under way when the worker ends goes back into the queue.
    """
    behind_annotators()
    for variable, value in PATIENT_THREADS.items():
        os.environ.setdefault(variable, value)
    over = threading.Event()
    _end_on(signal.SIGTERM, over)
    if supervised:
        # A terminal's Ctrl-C reaches the supervisor too, which then ends its workers in order.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_watch_parent, args=(over,), daemon=True).start()
    else:
        _end_on(signal.SIGINT, over)
    workspace = Workspace.open(settings)
    sweep_scratch(workspace)
    if "live" in post.queues:
        _warm_up(workspace)
    broker = make_broker(settings.broker_url, settings.data_dir)
    runner = JobRunner(workspace, broker, post.name, post.card)
    presence = Presence(workspace, runner, **msgspec.structs.asdict(post))
    presence.beat()
    with Pulse(lambda: _beat(runner, presence)), Pulse(runner.listen, _LISTEN_SECONDS):
        worker = _start(broker, post.queues, runner)
        _log.info("worker ready", queues=post.queues, card=post.card)
        over.wait()
        runner.leave()
        worker.stop(timeout=int(_LEAVE_SECONDS * 1000))
    presence.leave()
    broker.close()


def _beat(runner: JobRunner, presence: Presence) -> None:
    runner.beat()
    presence.beat()


def _start(broker: Broker, queues: Sequence[str], runner: JobRunner) -> Worker:
    listen(broker, queues, runner.run)
    worker = Worker(broker, queues=set(queues), worker_threads=1, worker_timeout=_POLL_MS)
    # A job that waits behind a long one could run elsewhere.
    worker.queue_prefetch = 1
    worker.start()
    return worker


def _warm_up(workspace: Workspace) -> None:
    """Import what guides are made of, so that the first refresh is as quick as the next."""
    for spec in (each.spec for each in workspace.registry.components("model")):
        if isinstance(spec, ModelSpec) and spec.guide:
            try:
                import_module(spec.factory.partition(":")[0])
            except Exception:  # noqa: BLE001 - a plugin's module may raise anything
                # The job that needs it will say so to whoever asked for it.
                _log.exception("a guide model cannot be imported", model=spec.name)


def _end_on(number: int, over: threading.Event) -> None:
    signal.signal(number, lambda _number, _frame: over.set())


def _watch_parent(over: threading.Event) -> None:
    while os.read(0, 1):
        pass
    over.set()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a worker with settings from the environment, then leave without waiting for threads."""
    parser = argparse.ArgumentParser(prog="python -m kodkod.jobs.worker")
    parser.add_argument("--queues", default="live,cpu", help="comma-separated: live, cpu, gpu")
    parser.add_argument("--name", help="unique among all workers; made where left out")
    parser.add_argument("--card", help="uuid of the graphics card to compute on")
    parser.add_argument("--master", default="", help="who restarts this worker")
    parser.add_argument("--restarts", type=int, default=0, help="how often that was done")
    parser.add_argument("--supervised", action="store_true", help="end with standard input")
    given = parser.parse_args(arguments)
    queues = given.queues.split(",")
    if unknown := set(queues) - set(QUEUES):
        parser.error(f"there is no queue {', '.join(sorted(unknown))}")
    settings = load_settings()
    configure_logs(settings.log_level)
    post = Post(
        queues=tuple(queues),
        name=given.name or worker_name(),
        card=given.card,
        master=given.master,
        restarts=given.restarts,
    )
    bind_process(worker=post.name)
    run_worker(settings, post, supervised=given.supervised)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    # A job that did not stop in time must not keep the process.
    os._exit(0)


if __name__ == "__main__":
    main()
