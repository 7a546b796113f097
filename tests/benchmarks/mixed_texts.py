"""Texts of mixed length for benchmarks, and the tables that they print."""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from weights import minilm_folder  # noqa: E402

__all__ = ["machine", "minilm_folder", "mixed_texts", "report"]

_TOPICS = (
    ("bank tax market price budget wages trade loan profit shares", "economy"),
    ("goal team match coach league race medal player season cup", "sport"),
    ("rain storm cloud wind snow heat frost drought flood sun", "weather"),
)
_EVERYWHERE = ("the a of today and said new for in was", "on that with as at by it from")


def mixed_texts(n: int, seed: int = 0, median: int = 30) -> tuple[list[str], list[int]]:
    """Return texts and their topics, 0 to 2. Lengths are log-normal, most short, some 300 words."""
    rng = np.random.default_rng(seed)
    lengths = np.clip(rng.lognormal(np.log(median), 0.9, n), 3, 300).astype(int)
    topics = rng.integers(0, len(_TOPICS), n)
    words = [np.array(each.split()) for each, _ in _TOPICS]
    common = np.array(" ".join(_EVERYWHERE).split())
    texts: list[str] = []
    for length, topic in zip(lengths, topics, strict=True):
        own = rng.random(length) < 0.25
        chosen = np.where(own, rng.choice(words[topic], length), rng.choice(common, length))
        texts.append(" ".join(chosen))
    return texts, topics.tolist()


def machine() -> dict[str, Any]:
    """Return where and with what this runs."""
    import torch
    import transformers

    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "torch_threads": torch.get_num_threads(),
        "card": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "platform": platform.platform(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }


def report(
    title: str, rows: list[dict[str, Any]], figures: dict[str, Any], to: Path | None
) -> None:
    """Print a table of the rows and all figures as JSON; write that to a file if one is named."""
    table = Table(title=title)
    for name in rows[0]:
        table.add_column(name.replace("_", " "))
    for row in rows:
        table.add_row(*(f"{v:.3g}" if isinstance(v, float) else str(v) for v in row.values()))
    Console(file=sys.stderr).print(table)
    text = json.dumps({"machine": machine(), "rows": rows, **figures}, indent=2)
    sys.stdout.write(f"{text}\n")
    if to is not None:
        to.write_text(text + "\n", encoding="utf-8")
