"""A plugin of the benchmarks: a feature that costs next to nothing, and jobs that do nothing."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import numpy as np

from kodkod.api import (
    ComponentSpec,
    Feature,
    FeatureSpec,
    Job,
    JobContext,
    JobSpec,
    NoParams,
    Params,
    TextBatch,
    easy,
    hookimpl,
)

API = "2.0"
DIM = 384


class Noise(Feature[NoParams]):
    """A vector drawn from the text's checksum, moved by the text's first word."""

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Nothing to learn."""

    def transform(self, batch: TextBatch, ctx: JobContext) -> np.ndarray:
        """Return float32 `[n, 384]`."""
        seeds = np.fromiter((zlib.crc32(text.encode()) for text in batch.texts), np.uint64)
        topics = np.fromiter((zlib.crc32(t.split()[0].encode()) for t in batch.texts), np.uint64)
        steps = np.arange(1, DIM + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        noise = _unit(seeds[:, None] * steps)
        return noise + 0.6 * _unit(topics[:, None] * steps[::-1])

    def save(self, folder: Path) -> None:
        """Nothing was learnt."""

    def load(self, folder: Path) -> None:
        """Nothing was learnt."""


class Nothing(Job[NoParams]):
    """A trivial job."""

    def run(self, ctx: JobContext) -> None:
        """Do nothing."""


class WaitParams(Params, frozen=True):
    """How long."""

    seconds: Annotated[float, easy("Seconds to wait", ge=0)] = 1.0


class Wait(Job[WaitParams]):
    """A job that takes no processor time of its own."""

    def run(self, ctx: JobContext) -> None:
        """Sleep."""
        time.sleep(self.params.seconds)


def _unit(bits: np.ndarray) -> np.ndarray:
    return ((bits >> np.uint64(40)).astype(np.float32) / np.float32(1 << 23)) - np.float32(1)


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the feature and the jobs."""
    yield JobSpec(
        name="bench-nothing",
        title="Nothing",
        summary="For benchmarks",
        factory="bench_plugin:Nothing",
        exclusive=False,
    )
    yield JobSpec(
        name="bench-wait",
        title="Wait",
        summary="For benchmarks",
        factory="bench_plugin:Wait",
        params=WaitParams,
        exclusive=False,
    )
    yield FeatureSpec(
        name="bench-noise",
        title="Noise",
        summary="For benchmarks",
        factory="bench_plugin:Noise",
    )
