"""What the labeller of endpoints adds to the time that an endpoint takes.

    python tests/benchmarks/genai.py [--texts N] [--concurrency N] [--latency S] [--json FILE]

The endpoint is a process of its own on the loopback interface: one that answers at once, and one
that takes `--latency` seconds for each answer, as many at a time as are asked. Client and endpoint
share the machine's cores.

The baseline in the same run is a client of bare asyncio streams that sends the same bodies, as many
at once, and reads the same answers. The ideal of a run is its texts, divided by those under way at
once, times the latency. Prints a table and JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

from kodkod.api import LabelTask, Message, Question, answer_schema  # noqa: E402
from kodkod.testing import RecordingContext  # noqa: E402
from kodkod_genai.labeller import EndpointLabeller  # noqa: E402
from kodkod_genai.params import EndpointParams  # noqa: E402

LABELS = ("cat", "dog", "none")
_TEXT = "a cat sat on the mat and looked at the rain. " * 10
_SYSTEM = "You code texts. Say which animal is in the text."


def main() -> None:
    """Measure, and print."""
    options = _options()
    os.environ["KODKOD_GENAI_ALLOW_PRIVATE"] = "true"
    rows = [
        *_compare("at once", options.texts // 5, 0.0, options.concurrency),
        *_compare(
            f"after {options.latency:g} s", options.texts, options.latency, options.concurrency
        ),
    ]
    report = {
        "benchmark": "genai",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
        "rows": rows,
    }
    written = json.dumps(report, indent=2)
    if options.json:
        options.json.write_text(written + "\n")
    _show(rows)
    print(written)


def _compare(title: str, texts: int, latency: float, concurrency: int) -> list[dict[str, Any]]:
    ideal = texts / concurrency * latency
    with _endpoint(latency) as port:
        # The first calls of a process import and connect.
        _label(port, concurrency, concurrency)
        bare = asyncio.run(_bare(port, texts, concurrency))
        labelled = _label(port, texts, concurrency)
    return [
        {
            "title": f"{who}, {title}",
            "texts": texts,
            "latency_s": latency,
            "concurrency": concurrency,
            "wall_s": wall,
            "ideal_s": ideal,
            "over_ideal_percent": (wall / ideal - 1) * 100 if ideal else None,
            "ms_a_call": (wall - ideal) / texts * 1000,
            "cpu_ms_a_call": cpu / texts * 1000,
        }
        for who, (wall, cpu) in (("bare asyncio", bare), ("labeller", labelled))
    ]


def _label(port: int, texts: int, concurrency: int) -> tuple[float, float]:
    """Return the seconds, and those of this process's processor, that a run takes."""
    params = EndpointParams(
        base_url=f"http://127.0.0.1:{port}/v1", model="m", adapter="schema", concurrency=concurrency
    )
    labeller = EndpointLabeller(params)
    with tempfile.TemporaryDirectory() as folder:
        context = RecordingContext(Path(folder))
        began, cpu = time.perf_counter(), time.process_time()
        states = [reply.state for reply in labeller.label(_questions(texts), _task(), context)]
        spent = time.perf_counter() - began, time.process_time() - cpu
    if states != ["answered"] * texts:
        raise RuntimeError(f"of {texts} questions {states.count('answered')} were answered")
    return spent


def _questions(texts: int) -> Iterator[Question]:
    for number in range(texts):
        messages = (Message("system", _SYSTEM), Message("user", f"Text: {number} {_TEXT}"))
        yield Question(key=str(number), text=_TEXT, messages=messages)


def _task() -> LabelTask:
    return LabelTask(
        scheme_type="multiclass",
        labels=LABELS,
        descriptions=("", "", ""),
        check=lambda value, _: str(value),
    )


async def _bare(port: int, texts: int, concurrency: int) -> tuple[float, float]:
    """Return what `_label` does, of a client that only writes and reads."""
    schema = {"name": "answer", "strict": True, "schema": answer_schema(_task())}
    left = _questions(texts)

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for question in left:
            body = {
                "model": "m",
                "messages": [{"role": m.role, "content": m.content} for m in question.messages],
                "response_format": {"type": "json_schema", "json_schema": schema},
            }
            data = json.dumps(body).encode()
            head = f"POST /v1/chat/completions HTTP/1.1\r\ncontent-length: {len(data)}\r\n\r\n"
            writer.write(head.encode() + data)
            answer = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(answer.partition(b"content-length:")[2].split(b"\r\n")[0])
            said = json.loads(await reader.readexactly(length))
            if json.loads(said["choices"][0]["message"]["content"])["label"] not in LABELS:
                raise RuntimeError("the endpoint gave no label")
        writer.close()
        await writer.wait_closed()

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(concurrency)))
    return time.perf_counter() - began, time.process_time() - cpu


@contextmanager
def _endpoint(latency: float) -> Iterator[int]:
    """Start the scripted endpoint in a process of its own, and yield its port."""
    command = [sys.executable, "-m", "llm.scripted", f"--delay={latency}"]
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.kill()


def _show(rows: list[dict[str, Any]]) -> None:
    table = Table("", "texts", "wall s", "ideal s", "over ideal", "ms a call", "CPU ms a call")
    for row in rows:
        over = row["over_ideal_percent"]
        table.add_row(
            row["title"],
            f"{row['texts']:,}",
            f"{row['wall_s']:.2f}",
            f"{row['ideal_s']:.2f}",
            "" if over is None else f"{over:.1f} %",
            f"{row['ms_a_call']:.2f}",
            f"{row['cpu_ms_a_call']:.2f}",
        )
    Console().print(table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--concurrency", type=int, default=64)
    parser.add_argument("--latency", type=float, default=0.1)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
