"""Embedding texts against sentence-transformers' own `encode` at its defaults, on one model.

    python tests/benchmarks/embedding.py [--texts 2048] [--rounds 5] [--mix all] [--json FILE]

Prints a table and JSON. Both sides have a process of their own and take turns, so that what else
the machine does meets both; each round gives a ratio, and the median of the ratios counts. The
vectors of both are compared text by text. Processor time is given too: it says how much work was
done, however busy the machine was.

The mixes: `comments` are Reddit comments (6 to 48 tokens), `news` titles and bodies, `all` a third
of each of comments, news and documents of up to 12 news, as a corpus of letters or speeches has.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

from corpora import shared_file  # noqa: E402
from weights import minilm_folder  # noqa: E402

WARMING = 64
LONGEST_DOCUMENT = 12


def texts_of(mix: str, n: int) -> list[str]:
    """Return `n` texts of a mix, in random order."""
    rng = np.random.default_rng(0)
    frame = pl.read_parquet(shared_file("ag_news.parquet"))
    news = [f"{title}. {text}" for title, text in frame.select("title", "text").iter_rows()]
    comments = pl.read_parquet(shared_file("goemotions.parquet"))["text"].to_list()
    documents = [
        " ".join(rng.choice(news, rng.integers(2, LONGEST_DOCUMENT + 1))) for _ in range(n)
    ]
    parts = {"comments": [comments], "news": [news], "all": [comments, news, documents]}[mix]
    drawn = [list(rng.choice(part, -(-n // len(parts)), replace=False)) for part in parts]
    mixed = [str(text) for part in drawn for text in part]
    return [mixed[i] for i in rng.permutation(len(mixed))[:n]]


def theirs(folder: Path) -> Any:
    """Return what embeds as sentence-transformers does by default."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder))
    return lambda texts: model.encode(texts, show_progress_bar=False)


def ours(folder: Path) -> Any:
    """Return what embeds as a job does, 2,048 texts at a time."""
    os.environ["KODKOD_LOCAL_MODELS"] = str(folder.parent)
    from kodkod.api import TextBatch
    from kodkod.testing import RecordingContext
    from kodkod_embeddings.params import SentenceEmbeddingsParams
    from kodkod_embeddings.sentence import SentenceEmbeddings

    feature = SentenceEmbeddings(SentenceEmbeddingsParams(model=str(folder)))
    ctx = RecordingContext(Path(tempfile.gettempdir()))

    def embed(texts: list[str]) -> Any:
        parts = [texts[start : start + 2_048] for start in range(0, len(texts), 2_048)]
        return np.concatenate(
            [feature.transform(TextBatch(np.arange(len(p)), p, pl.DataFrame()), ctx) for p in parts]
        )

    return embed


def side(name: str, texts: list[str], channel: Connection) -> None:
    """Embed all texts each time that it is asked; runs in a process of its own."""
    embed = {"ours": ours, "theirs": theirs}[name](minilm_folder())
    embed(texts[:WARMING])
    channel.send(None)
    while channel.recv():
        began, used = time.perf_counter(), time.process_time()
        vectors = embed(texts)
        spent = time.perf_counter() - began, time.process_time() - used
        channel.send((*spent, vectors))


def measure(texts: list[str], rounds: int) -> dict[str, Any]:
    """Let both sides embed in turns."""
    spawn = multiprocessing.get_context("spawn")
    channels: dict[str, Connection] = {}
    for name in ("theirs", "ours"):
        channels[name], end = spawn.Pipe()
        spawn.Process(target=side, args=(name, texts, end), daemon=True).start()
        channels[name].recv()
    walls: dict[str, list[float]] = {name: [] for name in channels}
    cpus: dict[str, list[float]] = {name: [] for name in channels}
    vectors: dict[str, Any] = {}
    for number in range(rounds):
        for name in list(channels)[:: -1 if number % 2 else 1]:
            channels[name].send(True)
            wall, cpu, vectors[name] = channels[name].recv()
            walls[name].append(wall)
            cpus[name].append(cpu)
    for channel in channels.values():
        channel.send(False)
    cosines = (vectors["ours"] * vectors["theirs"]).sum(axis=1)
    ratios = np.divide(walls["theirs"], walls["ours"])
    return {
        "texts": len(texts),
        "ratio": float(np.median(ratios)),
        "ratios": [round(float(each), 2) for each in ratios],
        "cpu_ratio": float(np.median(np.divide(cpus["theirs"], cpus["ours"]))),
        "texts_per_s": len(texts) / float(np.median(walls["ours"])),
        "their_texts_per_s": len(texts) / float(np.median(walls["theirs"])),
        "least_cosine": float(cosines.min()),
    }


def main() -> None:
    """Measure the mixes that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=2_048)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mix", nargs="*", default=["all", "news", "comments"])
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    table = Table("mix", "texts", "ratio", "of processor time", "texts/s", "theirs", "least cosine")
    found = {}
    for mix in given.mix:
        found[mix] = one = measure(texts_of(mix, given.texts), given.rounds)
        table.add_row(
            mix,
            str(one["texts"]),
            f"{one['ratio']:.2f}",
            f"{one['cpu_ratio']:.2f}",
            f"{one['texts_per_s']:.0f}",
            f"{one['their_texts_per_s']:.0f}",
            f"{one['least_cosine']:.6f}",
        )
    Console().print(table)
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "load": os.getloadavg(),
        "figures": found,
    }
    print(json.dumps(report, indent=2))
    if given.json:
        given.json.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
