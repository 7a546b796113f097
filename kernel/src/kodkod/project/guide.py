"""The guide: a quick model that learns while people annotate, and what it has come to."""

from __future__ import annotations

from collections import deque
from typing import Any, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

__all__ = ["Guide", "GuideConfig", "Predictions"]

_COMPARED = 100


class GuideConfig(Struct, frozen=True, kw_only=True):
    """What a scheme's guide is, as stored with the scheme."""

    features: tuple[str, ...]
    model: str
    params: dict[str, Any]
    strategy: str
    strategy_params: dict[str, Any]
    refresh_every: int


class Predictions(Struct, frozen=True, kw_only=True):
    """One refresh's result: float32 `[n, n_labels]`, a column for each of `label_ids`."""

    version: int
    probabilities: NDArray[np.float32]
    label_ids: tuple[int, ...]
    trained_at_seq: int
    n_train: int


class Guide:
    """When to refresh, and whether what was predicted came true.

    A refresh is due after `refresh_every` new values; one is under way at most, and what came
    in meanwhile counts towards the next.
    """

    def __init__(self, config: GuideConfig) -> None:
        self.config = config
        self.predictions: Predictions | None = None
        self.refreshing = False
        self.message = ""
        self._new = 0
        self._hits: deque[bool] = deque(maxlen=_COMPARED)

    @property
    def state(self) -> Literal["waiting", "fresh", "stale", "refreshing"]:
        """Say where it stands."""
        if self.refreshing:
            return "refreshing"
        if self.predictions is None:
            return "waiting"
        return "stale" if self._new else "fresh"

    @property
    def version(self) -> int:
        """Return the number of the newest published refresh, 0 before the first."""
        return self.predictions.version if self.predictions else 0

    @property
    def agreed(self) -> int:
        """Count the recent values that it had predicted."""
        return sum(self._hits)

    @property
    def compared(self) -> int:
        """Count the recent values that it had a prediction for."""
        return len(self._hits)

    @property
    def due(self) -> bool:
        """Tell whether a refresh should start now."""
        return not self.refreshing and self._new >= self.config.refresh_every

    def note(self, *, predicted: object, given: object) -> None:
        """Hear of a new value; `predicted` is None where there was no prediction."""
        self._new += 1
        if predicted is not None:
            self._hits.append(predicted == given)

    def began(self) -> None:
        """A refresh is under way."""
        self.refreshing = True
        self._new = 0

    def ended(self, message: str = "") -> None:
        """The refresh is over, with or without a result."""
        self.refreshing = False
        self.message = message

    def publish(self, predictions: Predictions) -> bool:
        """Take a refresh's result; an older one than what is there changes nothing."""
        if predictions.version <= self.version:
            return False
        self.predictions = predictions
        return True
