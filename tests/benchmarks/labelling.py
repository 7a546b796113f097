"""What a labelling's run takes from start to end, on a real server with a real worker.

    python tests/benchmarks/labelling.py [--texts 10000] [--latency 0.1] [--concurrency 64]
                                         [--kills 3] [--json FILE]

The endpoint is a process of its own that takes `--latency` seconds for each answer. A run renders
prompts, looks up what is kept, asks, and commits each reply; its seconds are those between the
job's start and its end, publishing and scoring of the answers among them. The baseline in the same
run is the ideal: texts, divided by those at once, times the latency; and the same run with an
endpoint that answers at once, which shows what each call costs the machine.

With `--kills`, another run has its worker killed at random moments. Counted is how many calls the
endpoint gets, how many of them it would charge (by their idempotency keys), and which texts are
missing in the end.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from mixed_texts import mixed_texts, report  # noqa: E402

from kodkod_sdk import (  # noqa: E402
    Client,
    Job,
    JobFailedError,
    Labelling,
    NewLabelling,
    NewScheme,
    Project,
    ProjectConfig,
)
from kodkod_sdk.generated.contract import NewPrompt  # noqa: E402
from llm.scripted import ScriptedEndpoint  # noqa: E402
from server_process import ServerProcess  # noqa: E402

LABELS = ["cat", "dog", "none"]


def main() -> None:
    """Measure, and print."""
    options = _options()
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(
            Path(folder) / "data", environment={"KODKOD_GENAI_ALLOW_PRIVATE": "true"}
        ) as server,
        Client(server.url, username="root", password=server.root_password) as client,
    ):
        project = _project(client, Path(folder), options.texts)
        rows = [
            _timed(project, name, latency, options.texts, options.concurrency)
            for name, latency in (("at-once", 0.0), ("late", options.latency))
        ]
        killed = _killed(project, server, options.texts, options.concurrency, options.kills)
    report("labelling", rows, {"benchmark": "labelling", "killed": killed}, options.json)


def _project(client: Client, folder: Path, n: int) -> Project:
    texts, _ = mixed_texts(n, median=60)
    lines = [f'{i},"{text} {i}"\n' for i, text in enumerate(texts)]
    (folder / "texts.csv").write_text("id,text\n" + "".join(lines))
    config = ProjectConfig(name="Labelling", id_column="id", text_columns=["text"])
    project = client.create_project(folder / "texts.csv", config)
    project.create_scheme(NewScheme(name="animal", type="multiclass", labels=LABELS))
    begin = project.default_prompt("animal")
    project.create_prompt(
        NewPrompt(name="code", scheme="animal", system=begin.system, user=begin.user)
    )
    return project


def _labelling(project: Project, name: str, url: str, concurrency: int) -> Labelling:
    params = {"base_url": url, "model": name, "adapter": "schema", "concurrency": concurrency}
    return project.create_labelling(
        NewLabelling(name=name, scheme="animal", prompt="code", params=params)
    )


def _timed(project: Project, name: str, latency: float, n: int, concurrency: int) -> dict[str, Any]:
    with _endpoint(latency) as port:
        labelling = _labelling(project, name, f"http://127.0.0.1:{port}/v1", concurrency)
        seconds = _seconds(labelling.run())
    ideal = n / concurrency * latency
    return {
        "run": f"endpoint that takes {latency:g} s",
        "texts": n,
        "seconds": round(seconds, 2),
        "ideal_s": round(ideal, 2),
        "over_ideal_percent": round((seconds / ideal - 1) * 100, 1) if ideal else None,
        "ms_a_call_over_ideal": round((seconds - ideal) / n * 1000, 2),
    }


def _killed(
    project: Project, server: ServerProcess, n: int, concurrency: int, kills: int
) -> dict[str, Any]:
    rng = random.Random(1)
    with ScriptedEndpoint() as endpoint:
        labelling = _labelling(project, "killed", endpoint.url, concurrency)
        job = labelling.run()
        for _ in range(kills):
            time.sleep(rng.uniform(1.0, 4.0))
            _kill_worker(server)
            # A job whose worker dies again and again is given up, and may be started anew.
            if job.refresh().state == "failed":
                job = labelling.run()
        try:
            result = job.wait(1200).result
        except JobFailedError:
            result = labelling.run().wait(1200).result
        answered = sum(reply.state == "answered" for reply in labelling.replies())
        times = endpoint.times()
    if result["left"] or answered != n:
        raise RuntimeError(f"{n - answered} texts are missing")
    return {
        "kills": kills,
        "texts": n,
        "answered": answered,
        "calls": sum(times.values()),
        "charged_by_key": len(times),
        "asked_again": sum(times.values()) - len(times),
        "under_way_at_kills": kills * concurrency,
    }


def _kill_worker(server: ServerProcess) -> None:
    for child in psutil.Process(server.pid).children(recursive=True):
        line = child.cmdline()
        if "--queues" in line and line[line.index("--queues") + 1] == "cpu":
            child.kill()


def _seconds(job: Job) -> float:
    done = job.wait(1200)
    if done.started_at is None or done.finished_at is None:
        raise RuntimeError("the job says not when it ran")
    began, ended = (datetime.fromisoformat(each) for each in (done.started_at, done.finished_at))
    return (ended - began).total_seconds()


@contextmanager
def _endpoint(latency: float) -> Iterator[int]:
    command = [sys.executable, "-m", "llm.scripted", "--delay", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent) as process:
        try:
            yield int(process.stdout.readline() if process.stdout else 0)
        finally:
            process.kill()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--latency", type=float, default=0.1)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
