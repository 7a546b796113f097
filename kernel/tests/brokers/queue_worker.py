"""A worker process for the tests of the brokers: `queue_worker.py URL DATA_DIR QUEUE`.

It prints `took NAME` for each message it gets, and does with it what the name says: `hold-...`
waits until a file of that name lies in DATA_DIR, `die-...` kills the process, `raise-...` raises,
anything else is done at once. SIGTERM ends it in good order.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from threading import Event

import dramatiq

from kodkod.jobs.brokers.broker import make_broker


def main(url: str, data_dir: Path, queue: str) -> None:
    broker = make_broker(url, data_dir)

    def work(name: str) -> None:
        print("took", name, flush=True)
        if name.startswith("die"):
            os.kill(os.getpid(), signal.SIGKILL)
        if name.startswith("raise"):
            raise ValueError(name)
        while name.startswith("hold") and not (data_dir / name).exists():
            time.sleep(0.01)

    dramatiq.Actor(work, broker=broker, actor_name="work", queue_name=queue, priority=0, options={})
    ended = Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    worker = dramatiq.Worker(broker, queues={queue}, worker_threads=1, worker_timeout=100)
    print("ready", flush=True)
    worker.start()
    ended.wait()
    worker.stop()
    broker.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
