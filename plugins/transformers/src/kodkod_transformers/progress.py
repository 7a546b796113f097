"""Where a training stands, and what of it is told while it runs."""

from __future__ import annotations

import math

from msgspec import Struct

from kodkod.api import JobContext

__all__ = ["Standing", "Telling"]


class Standing(Struct):
    """All that a run must know to go on, beside weights, moments and random states."""

    step: int = 0
    ended: bool = False
    best_epoch: int | None = None
    best_score: float = 0.0
    best_loss: float = 0.0
    best_name: str = ""
    best_file: str | None = None
    lowest_loss: float = 1e30
    gained_in: int = 0

    def judged(self, epoch: int, score: float, loss: float) -> bool:
        """Note what an epoch came to; tell whether it is the best: by score, then by loss.

        A lower loss is a gain too, though not the best yet: of rare labels the score may stay at
        0 for some epochs while they are being learnt.
        """
        best = self.best_epoch is None
        best = best or (score, -loss) > (self.best_score, -self.best_loss)
        if best or loss < self.lowest_loss:
            self.gained_in = epoch
        self.lowest_loss = min(self.lowest_loss, loss)
        if best:
            self.best_epoch, self.best_score, self.best_loss = epoch, score, loss
        return best


class Telling:
    """Passes progress on to the job."""

    def __init__(self, ctx: JobContext, total: int, epochs: int) -> None:
        self._ctx, self._total, self._epochs = ctx, total, epochs
        self._per_epoch = max(1, total // epochs)

    def breathe(self, standing: Standing) -> None:
        """Let a cancellation through."""
        self._ctx.progress(standing.step / self._total, self._where(standing))

    def stepped(self, standing: Standing, loss: float, rate: float) -> None:
        """Tell what a step came to."""
        self._ctx.progress(
            standing.step / self._total,
            self._where(standing),
            step=standing.step,
            loss=loss,
            learning_rate=rate,
        )

    def judged(self, standing: Standing, epoch: int, loss: float, score: float, name: str) -> None:
        """Tell what the held-out texts say after an epoch."""
        metrics = {f"valid_{name}": score, "valid_loss": loss}
        self._ctx.log(f"epoch {epoch}: {name} {score:.3f}, loss {loss:.3f} on held-out texts")
        self._ctx.progress(
            standing.step / self._total,
            f"epoch {epoch} of {self._epochs}: {name} {score:.3f}",
            epoch=epoch,
            **{key: value for key, value in metrics.items() if math.isfinite(value)},
        )

    def _where(self, standing: Standing) -> str:
        epoch = min(standing.step // self._per_epoch + 1, self._epochs)
        return f"epoch {epoch} of {self._epochs}, step {standing.step} of {self._total}"
