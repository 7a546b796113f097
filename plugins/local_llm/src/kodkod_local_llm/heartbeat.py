"""Tells the job how far it has come, even from inside of a long computation."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn

from kodkod.api import JobContext

__all__ = ["Heartbeat"]

_SECONDS = 0.25


class Heartbeat:
    """Counts texts and tokens, and passes them on a few times a second."""

    def __init__(self, ctx: JobContext) -> None:
        self._ctx = ctx
        self._texts = 0
        self._tokens = 0
        self._began = time.perf_counter()
        self._last = self._began

    def beat(self) -> None:
        """Tell the job how far it has come, if it was not told just now.

        Raises:
            Cancelled: the job was asked to stop. Let it pass.
        """
        if time.perf_counter() - self._last >= _SECONDS:
            self.tell()

    def count(self, *, texts: int = 0, tokens: int = 0) -> None:
        """Add what was done, and `beat`."""
        self._texts += texts
        self._tokens += tokens
        self.beat()

    def tell(self) -> None:
        """Tell the job how far it has come.

        Raises:
            Cancelled: the job was asked to stop. Let it pass.
        """
        now = time.perf_counter()
        seconds = max(now - self._began, 1e-9)
        self._last = now
        self._ctx.progress(
            None,
            f"{self._texts} texts answered",
            texts_per_second=self._texts / seconds,
            tokens_per_second=self._tokens / seconds,
        )

    @contextmanager
    def inside(self, model: nn.Module) -> Iterator[None]:
        """Beat before each layer that is computed meanwhile: a long prompt may take minutes."""
        lists = [each for each in model.modules() if isinstance(each, nn.ModuleList)]
        hooks = [layer.register_forward_pre_hook(self._hear) for each in lists for layer in each]
        try:
            yield
        finally:
            for hook in hooks:
                hook.remove()

    def _hear(self, _layer: nn.Module, _given: Any) -> None:
        self.beat()
