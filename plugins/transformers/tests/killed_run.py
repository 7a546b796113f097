"""A training that can be run in a process of its own, and killed in it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from kodkod.testing import RecordingContext, make_training_set
from kodkod_transformers.encoder import Encoder
from kodkod_transformers.encoder_params import EncoderParams

__all__ = ["KilledContext", "run"]


class KilledContext(RecordingContext):
    """The checkpoints outlive the run; at a step the process is killed as by kill -9."""

    def __init__(self, folder: Path, die_at: int | None) -> None:
        super().__init__(folder, seed=7)
        self._die_at = die_at

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        """Keep the report, or die."""
        super().progress(fraction, message, **metrics)
        if self._die_at is not None and metrics.get("step") == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)


def run(folder: Path, die_at: int | None, seconds: int = 0) -> tuple[Encoder, KilledContext]:
    """Train a checkpoint that has dropout, with a state on disk every so many seconds."""
    ctx = KilledContext(folder, die_at)
    # The form's lower bound of a second would make the test wait.
    params = EncoderParams(
        model="tiny-bert", epochs=2, learning_rate=3e-3, max_length=64, checkpoint_seconds=seconds
    )
    encoder = Encoder(params)
    encoder.fit(make_training_set(60, texts=True), ctx)
    return encoder, ctx


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]))
