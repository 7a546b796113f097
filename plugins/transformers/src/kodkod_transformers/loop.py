"""The training loop of everything that is fine-tuned here: encoders, span taggers, decoders."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import torch
from msgspec import Struct
from numpy.typing import NDArray
from torch import Tensor, nn

from kodkod.api import (
    InvalidInputError,
    JobContext,
    UnavailableError,
    free_gpu_cache,
    is_out_of_memory,
)
from kodkod_transformers.checkpoint import Checkpoints
from kodkod_transformers.device import at_once, autocast, seed_everything
from kodkod_transformers.optimising import adamw, trainable
from kodkod_transformers.progress import Standing, Telling
from kodkod_transformers.schedule import rate_at, warm_up_steps
from kodkod_transformers.steps import cut_to_budget, steps_of_epoch
from kodkod_transformers.training_params import TrainingParams

__all__ = ["Evaluation", "Task", "Trained", "train"]


class Evaluation(Struct, frozen=True):
    """What a model makes of the held-out texts: a greater `score` (by `name`) is better."""

    loss: float
    score: float
    name: str = "macro_f1"


class Task(Protocol):
    """What is to be learnt. Texts go by their position in the training set.

    `model` is on its device already; those of its parameters that require a gradient are
    trained. `lengths`, int64 `[n]`, are the tokens of each text as they will be read.
    """

    @property
    def model(self) -> nn.Module:
        """What is trained."""
        ...

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many tokens each text has."""
        ...

    def losses(self, positions: NDArray[np.int64]) -> Tensor:
        """Return the loss of each of these texts, `[len(positions)]`, in the order given.

        Runs under autocast and with gradients. The loop sums them and divides by the number of
        texts of the whole step, so that it does not matter how a step is cut into batches.
        """
        ...

    def evaluate(self, positions: NDArray[np.int64], ctx: JobContext) -> Evaluation:
        """Judge the model, which is in eval mode, on held-out texts. Draws no random number."""
        ...


class Trained(Struct, frozen=True, kw_only=True):
    """How the training went. `best_epoch` counts from 1; None where nothing was held out."""

    steps: int
    epochs: int
    best_epoch: int | None
    best: Evaluation | None
    resumed_at: int | None


def train(
    task: Task,
    learn: NDArray[np.int64],
    held_out: NDArray[np.int64],
    params: TrainingParams,
    *,
    seed: int,
    run: str,
    ctx: JobContext,
) -> Trained:
    """Fine-tune `task.model` on the texts `learn`; leaves it in eval mode with its best weights.

    AdamW (Loshchilov and Hutter 2019) without decay on biases and norms; the rate warms up and
    then follows `params.schedule`. A step is `batch_size * accumulation` texts, drawn without
    replacement and grouped by length; it is computed in batches of at most `batch_tokens`
    tokens with padding, fewer where memory runs out. After each epoch `held_out` is scored: the
    best weights are kept, and `patience` epochs without a better score or loss end the training.
    Where `held_out` is empty all epochs are done and the last weights stay.

    Every `checkpoint_seconds` the state goes to `ctx.checkpoints`. A later call of the same
    `run` (name the model, the params and the texts in it: a fingerprint) goes on from there,
    on a CPU to exactly the weights that it would have come to without the interruption.
    Progress has the series `step`, `loss`, `learning_rate`; `epoch`, `valid_loss`,
    `valid_{name}`.

    Raises:
        InvalidInputError: there is nothing to learn from, or the loss is no longer finite.
        UnavailableError: memory does not suffice for one text.
        Cancelled: the job was asked to stop.
    """
    if not len(learn):
        raise InvalidInputError("There is no text to learn from; annotate some first.")
    return _Run(task, learn, held_out, params, seed, run, ctx).go()


class _Run:
    def __init__(
        self,
        task: Task,
        learn: NDArray[np.int64],
        held_out: NDArray[np.int64],
        params: TrainingParams,
        seed: int,
        run: str,
        ctx: JobContext,
    ) -> None:
        self._task, self._learn, self._held_out = task, learn, held_out
        self._params, self._seed, self._ctx = params, seed, ctx
        size = params.batch_size * params.accumulation
        self._per_epoch = math.ceil(len(learn) / size)
        self._total = self._per_epoch * params.epochs
        self._budget = at_once(task.model, params.batch_tokens)
        self._standing = Standing()
        self._telling = Telling(ctx, self._total, params.epochs)
        self._optimizer = adamw(task.model, params)
        self._checkpoints = Checkpoints(
            ctx.checkpoints, task.model, self._optimizer, run, params.checkpoint_seconds
        )

    def go(self) -> Trained:
        seed_everything(self._seed)
        found = self._checkpoints.restore()
        resumed_at = None
        if found is not None:
            self._standing, resumed_at = found, found.step
            self._ctx.log(f"goes on from the checkpoint at step {found.step} of {self._total}")
        while self._standing.step < self._total and not self._standing.ended:
            self._epoch()
        if self._standing.best_file is not None:
            self._checkpoints.load_best(self._standing.best_file)
        self._task.model.eval()
        self._checkpoints.clear()
        return self._outcome(resumed_at)

    def _epoch(self) -> None:
        standing = self._standing
        epoch, done = divmod(standing.step, self._per_epoch)
        rng = np.random.default_rng([self._seed, epoch])
        size = self._params.batch_size * self._params.accumulation
        steps = steps_of_epoch(self._task.lengths, self._learn, size, rng)
        self._task.model.train()
        for texts in steps[done:]:
            self._step(texts)
            if standing.step % self._per_epoch:
                self._checkpoints.perhaps(standing)
        self._judge(epoch + 1)
        self._checkpoints.perhaps(standing)

    def _step(self, texts: NDArray[np.int64]) -> None:
        standing, params = self._standing, self._params
        warm_up = warm_up_steps(self._total, params.warm_up)
        rate = params.learning_rate * rate_at(standing.step, self._total, warm_up, params.schedule)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        loss = self._backward(texts)
        if not math.isfinite(loss):
            raise InvalidInputError(
                f"The loss is {loss} at step {standing.step + 1}; lower the learning rate, or "
                "compute in full precision.",
                field="learning_rate",
            )
        if params.clip_norm:
            nn.utils.clip_grad_norm_(trainable(self._task.model), params.clip_norm)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        standing.step += 1
        self._telling.stepped(standing, loss, rate)

    def _backward(self, texts: NDArray[np.int64]) -> float:
        """Add up the gradients of a step, in less at a time wherever memory runs out."""
        while True:
            try:
                return self._attempt(texts)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                longest = int(self._task.lengths[texts].max())
                if self._budget <= longest:
                    raise UnavailableError(
                        "There is too little memory, even for one text at a time; lower max_length "
                        "or choose a smaller model."
                    ) from error
            # Outside the handler, whose traceback would keep the tensors that filled the memory.
            self._optimizer.zero_grad(set_to_none=True)
            free_gpu_cache()
            self._budget //= 2
            self._ctx.log(f"Memory ran out; at most {self._budget} tokens at a time from now on.")

    def _attempt(self, texts: NDArray[np.int64]) -> float:
        total = torch.zeros((), dtype=torch.float32)
        for batch in cut_to_budget(self._task.lengths, texts, self._budget):
            self._telling.breathe(self._standing)
            with autocast(self._task.model, self._params.precision):
                loss = self._task.losses(batch).float().sum() / len(texts)
            loss.backward()
            total = total.to(loss.device) + loss.detach()
        return float(total)

    def _judge(self, epoch: int) -> None:
        if not len(self._held_out):
            return
        standing = self._standing
        self._task.model.eval()
        with torch.inference_mode(), autocast(self._task.model, self._params.precision):
            found = self._task.evaluate(self._held_out, self._ctx)
        self._telling.judged(standing, epoch, found.loss, found.score, found.name)
        if standing.judged(epoch, found.score, found.loss):
            standing.best_name = found.name
            standing.best_file = self._checkpoints.keep_best(epoch)
        patience = self._params.patience
        if patience and epoch - standing.gained_in >= patience:
            standing.ended = True
            self._ctx.log(f"no better score or loss in {patience} epochs; stops early")

    def _outcome(self, resumed_at: int | None) -> Trained:
        standing = self._standing
        best = None
        if standing.best_epoch is not None:
            best = Evaluation(standing.best_loss, standing.best_score, standing.best_name)
            self._ctx.log(
                f"keeps the weights of epoch {standing.best_epoch}: {best.name} {best.score:.3f}, "
                f"loss {best.loss:.3f} on {len(self._held_out)} held-out texts"
            )
        return Trained(
            steps=standing.step,
            epochs=math.ceil(standing.step / self._per_epoch),
            best_epoch=standing.best_epoch,
            best=best,
            resumed_at=resumed_at,
        )
