"""For components that compute on a graphics card: batches that fit, and memory given back.

Imports no ML library: what torch has to do is done by the torch that the component loaded.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from msgspec import Struct

from kodkod.api.context import JobContext
from kodkod.api.errors import UnavailableError

__all__ = ["BatchFit", "free_gpu_cache", "in_halves", "is_out_of_memory"]

_SAYINGS = (
    "out of memory",
    "can't allocate memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
)


class Sliceable(Protocol):
    """A list, tuple or array: what has a length and can be cut."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: slice, /) -> Sliceable: ...


B = TypeVar("B", bound=Sliceable)
R = TypeVar("R")


class BatchFit(Struct):
    """What has been learnt about memory: each batch is computed in so many `parts`.

    Keep one for as long as the model and the size of batches stay the same.
    """

    parts: int = 1


def in_halves(
    batches: Iterable[B],
    run: Callable[[B], R],
    ctx: JobContext,
    *,
    total: int | None = None,
    unit: str = "texts",
    fits: BatchFit | None = None,
    remedy: str = "lower the length that is read, or choose a smaller model",
) -> Iterator[tuple[B, R]]:
    """Yield each batch, or part of one, with what `run` returns of it, in order.

    Batches should cost about the same memory, the dearest first. Where it runs out, the card's
    cache is emptied and the batch halved, as is every batch that follows; the job's log says
    so. `fits` carries what was learnt to the next call.

    With `total`, the number of items in all batches, progress is reported after each part:
    "120 of 300 texts", the metric `texts_per_second`, and `batch_parts` once batches are cut.

    Raises:
        UnavailableError: memory does not suffice for a single item; says `remedy`.
        Cancelled: the job was asked to stop.
    """
    fits = BatchFit() if fits is None else fits
    report = _Report(ctx, total, unit, fits)
    for batch in batches:
        waiting = _cut(batch, fits.parts)
        while waiting:
            part = waiting[0]
            result = _attempt(run, part, remedy)
            if result is None:
                waiting = [half for each in waiting for half in _cut(each, 2)]
                fits.parts *= 2
                report.halved(len(part), len(waiting[0]))
                continue
            del waiting[0]
            yield part, result[0]
            report.done(len(part))


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether memory ran out, of the card or of the machine.

    Knows torch's OutOfMemoryError by its name, what CUDA's libraries and older versions raise
    by their words, and MemoryError.
    """
    if isinstance(error, MemoryError):
        return True
    if any(kind.__name__ == "OutOfMemoryError" for kind in type(error).__mro__):
        return True
    return isinstance(error, RuntimeError) and any(saying in str(error) for saying in _SAYINGS)


def free_gpu_cache() -> None:
    """Give the card memory that torch keeps for later but no tensor uses.

    Does nothing where torch is not loaded or has not used a card.
    """
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return
    # Tensors in cycles of references are in use until they are collected.
    gc.collect()
    torch.cuda.empty_cache()


def _cut(batch: B, parts: int) -> list[B]:
    step = max(1, -(-len(batch) // parts))
    cut: list[B] = []
    for start in range(0, len(batch), step):
        part: B = batch[start : start + step]  # pyright: ignore[reportAssignmentType]
        cut.append(part)
    return cut


def _attempt(run: Callable[[B], R], part: B, remedy: str) -> tuple[R] | None:
    """Return what `run` returns, in a tuple; None if memory ran out and may suffice for less."""
    try:
        return (run(part),)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        if len(part) <= 1:
            raise UnavailableError(
                f"There is too little memory, even for one item at a time; {remedy}."
            ) from error
    # Outside the handler, whose traceback would keep the tensors that filled the memory.
    free_gpu_cache()
    return None


class _Report:
    """Tells the job how far it has come and what did not fit."""

    def __init__(self, ctx: JobContext, total: int | None, unit: str, fits: BatchFit) -> None:
        self._ctx = ctx
        self._total = total
        self._unit = unit
        self._fits = fits
        self._done = 0
        self._began = time.perf_counter()

    def done(self, n: int) -> None:
        self._done += n
        if self._total is None:
            return
        elapsed = max(time.perf_counter() - self._began, 1e-9)
        self._say(
            f"{self._done} of {self._total} {self._unit}",
            **{f"{self._unit}_per_second": self._done / elapsed},
        )

    def halved(self, n: int, half: int) -> None:
        line = (
            f"A batch of {n} did not fit into memory; halved to {half} from now on, "
            "and so is every batch that follows."
        )
        self._ctx.log(line)
        if self._total is not None:
            self._say(line)

    def _say(self, message: str, **metrics: float) -> None:
        if self._fits.parts > 1:
            metrics["batch_parts"] = self._fits.parts
        self._ctx.progress(self._done / (self._total or 1), message, **metrics)
