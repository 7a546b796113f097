"""The training loop: what it goes on from, what it keeps, and what it refuses."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from kodkod.api import Cancelled, InvalidInputError, JobContext, UnavailableError
from kodkod.testing import RecordingContext
from kodkod_transformers.loop import Evaluation, train
from kodkod_transformers.schedule import rate_at, warm_up_steps
from kodkod_transformers.training_params import TrainingParams

from .killed_run import run

N = 48


class Line:
    """A task: find the slope of a line. What evaluations say may be given."""

    def __init__(self, scores: list[float] | None = None, longest: int | None = None) -> None:
        torch.manual_seed(0)
        self.model = nn.Linear(3, 1)
        rng = np.random.default_rng(3)
        self.lengths = rng.integers(2, 40, N)
        self.seen: list[int] = []
        self._x = torch.as_tensor(rng.standard_normal((N, 3)), dtype=torch.float32)
        self._y = self._x @ torch.tensor([[1.0], [-2.0], [0.5]])
        self._scores, self._longest = scores, longest

    def losses(self, positions: np.ndarray) -> torch.Tensor:
        if self._longest is not None and self.lengths[positions].sum() > self._longest:
            raise torch.OutOfMemoryError("CUDA out of memory")
        self.seen.extend(positions.tolist())
        return ((self.model(self._x[positions]) - self._y[positions]) ** 2)[:, 0]

    def evaluate(self, positions: np.ndarray, ctx: JobContext) -> Evaluation:
        if self._scores:
            score = self._scores.pop(0)
            return Evaluation(1 - score, score)
        loss = float(((self.model(self._x[positions]) - self._y[positions]) ** 2).mean())
        return Evaluation(loss, -loss)


def learn(task: Line, ctx: JobContext, held_out: int = 8, **params: Any):
    given: dict[str, Any] = {
        "learning_rate": 0.1,
        "batch_size": 8,
        "warm_up": 0.0,
        "weight_decay": 0.0,
    } | params
    everything = np.arange(N)
    return train(
        task,
        everything[held_out:],
        everything[:held_out],
        TrainingParams(**given),
        seed=1,
        run="line",
        ctx=ctx,
    )


def test_a_run_killed_in_the_middle_goes_on_to_the_same_weights(local_models, tmp_path):
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
    whole, _ = run(tmp_path / "whole", None, seconds=60)

    died = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killed_run.py")), tmp_path / "killed", "6"],
        capture_output=True,
        timeout=120,
        check=False,
    )
    resumed, ctx = run(tmp_path / "killed", None)

    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert any("goes on from the checkpoint at step 5" in line for line in ctx.lines)
    expected, found = (each._model.state_dict() for each in (whole, resumed))
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    assert min(r.metrics["step"] for r in ctx.reports if "step" in r.metrics) == 6


def test_it_learns_and_tells_its_curves(ctx):
    trained = learn(Line(), ctx, epochs=20, patience=0)

    steps = [r.metrics for r in ctx.reports if "step" in r.metrics]
    epochs = [r.metrics for r in ctx.reports if "epoch" in r.metrics]
    assert trained.best is not None
    assert trained.best.loss < 0.05
    assert [each["step"] for each in steps] == list(range(1, 101))
    assert steps[0]["learning_rate"] > steps[-1]["learning_rate"] > 0
    assert [each["epoch"] for each in epochs] == list(range(1, 21))
    assert set(epochs[0]) == {"epoch", "valid_loss", "valid_macro_f1"}


def test_each_text_is_learnt_from_once_an_epoch_and_held_out_ones_never(ctx):
    task = Line()

    learn(task, ctx, epochs=3, patience=0)

    assert sorted(task.seen) == sorted(list(range(8, N)) * 3)


def test_the_best_weights_are_kept_and_it_stops_early(ctx):
    task, best = Line(scores=[0.3, 0.9, 0.8, 0.7, 0.99]), Line(scores=[0.3, 0.9])

    trained = learn(task, ctx, epochs=9, patience=2, schedule="constant")
    learn(best, ctx, epochs=2, patience=2, schedule="constant")

    assert (trained.epochs, trained.best_epoch) == (4, 2)
    assert trained.best is not None
    assert trained.best.score == 0.9
    assert torch.equal(task.model.weight, best.model.weight)
    assert not task.model.training


def test_nothing_held_out_keeps_the_last_weights(ctx):
    trained = learn(Line(), ctx, held_out=0, epochs=2)

    assert (trained.best, trained.best_epoch, trained.epochs) == (None, None, 2)


@pytest.mark.parametrize("budget", [40, 90, 10_000])
def test_how_a_step_is_cut_does_not_change_what_is_learnt(ctx, budget):
    plain, cut = Line(), Line()

    learn(plain, ctx, epochs=2, accumulation=2)
    learn(cut, ctx, epochs=2, batch_size=16, batch_tokens=budget)

    torch.testing.assert_close(plain.model.weight, cut.model.weight)


def test_memory_that_runs_out_halves_the_batches_and_changes_nothing_else(ctx):
    plain, tight = Line(), Line(longest=100)

    learn(plain, ctx, epochs=2)
    learn(tight, ctx, epochs=2)

    torch.testing.assert_close(plain.model.weight, tight.model.weight)
    assert any("Memory ran out" in line for line in ctx.lines)


def test_memory_that_does_not_suffice_for_one_text_says_what_to_do(ctx):
    with pytest.raises(UnavailableError, match="max_length"):
        learn(Line(longest=1), ctx)


def test_a_loss_that_is_no_number_ends_it_with_a_remedy(ctx):
    with pytest.raises(InvalidInputError, match="lower the learning rate"):
        learn(Line(), ctx, epochs=50, learning_rate=1e30, clip_norm=0.0)


@pytest.mark.parametrize("after", [0, 1, 7, 30])
def test_a_job_that_is_asked_to_stop_stops_at_the_next_batch(tmp_path, after):
    with pytest.raises(Cancelled):
        learn(Line(), RecordingContext(tmp_path, cancel_after=after), epochs=20, patience=0)


def test_a_checkpoint_of_another_run_or_a_damaged_one_counts_for_nothing(tmp_path):
    stopped = RecordingContext(tmp_path, cancel_after=30)
    with pytest.raises(Cancelled):
        learn(Line(), stopped, epochs=9, checkpoint_seconds=0)
    state = tmp_path / "state.safetensors"
    kept = state.read_bytes()
    everything = np.arange(N)

    params = TrainingParams(epochs=1)
    ctx = RecordingContext(tmp_path)
    other = train(Line(), everything, everything[:0], params, seed=1, run="other", ctx=ctx)
    for damaged in (kept[: len(kept) // 2], b"", b"\xff" * 100):
        state.write_bytes(damaged)
        assert learn(Line(), ctx, epochs=1).resumed_at is None

    assert other.resumed_at is None
    assert not list(tmp_path.iterdir())


def test_nothing_to_learn_from_is_refused(ctx):
    with pytest.raises(InvalidInputError, match="annotate"):
        learn(Line(), ctx, held_out=N)


def test_rates_go_as_scheduled():
    warm_up = warm_up_steps(10, 0.2)

    assert warm_up == 2
    linear = [rate_at(step, 10, warm_up, "linear") for step in range(10)]
    assert linear == pytest.approx(
        [1 / 3, 2 / 3, 1, 7 / 8, 6 / 8, 5 / 8, 4 / 8, 3 / 8, 2 / 8, 1 / 8]
    )
    assert rate_at(6, 10, warm_up, "cosine") == pytest.approx(0.5)
    assert rate_at(9, 10, warm_up, "constant") == 1
    assert warm_up_steps(1, 1.0) == 0
