"""The guide: a quick model that learns while people annotate, and what it has come to."""

from __future__ import annotations

from collections import deque
from typing import Any, Literal

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from kodkod.api import Belief, HeldOut

__all__ = ["Guide", "GuideConfig", "HeldOutRows", "Predictions"]

_COMPARED = 100


class GuideConfig(Struct, frozen=True, kw_only=True):
    """What a scheme's guide is, as stored with the scheme.

    It refreshes after `refresh_every` new values (0: not by their number), and when nobody has
    annotated for `refresh_idle_seconds` after something new (None: not for that). Until
    `cold_labels` texts of each label are there, `cold_start` chooses in place of `strategy`.
    `varied` keeps near copies apart; `ensemble` is the number of bootstrap members that a
    committee is made of, 0 for none.
    """

    features: tuple[str, ...]
    model: str
    params: dict[str, Any]
    strategy: str
    strategy_params: dict[str, Any]
    refresh_every: int
    refresh_idle_seconds: float | None = None
    cold_start: str = "random"
    cold_start_params: dict[str, Any] = field(default_factory=dict)
    cold_labels: int = 0
    varied: bool = False
    ensemble: int = 0


class Predictions(Struct, frozen=True, kw_only=True):
    """One refresh's result: float32 `[n, n_labels]`, a column for each of `label_ids`.

    `members`, float32 `[n_members, n, n_labels]`, are those of a bootstrap ensemble.
    """

    version: int
    probabilities: NDArray[np.float32]
    label_ids: tuple[int, ...]
    trained_at_seq: int
    n_train: int
    belief: Belief | None = None
    before: Belief | None = None
    members: NDArray[np.float32] | None = None


class HeldOutRows(Struct, frozen=True, kw_only=True):
    """What cross-validation said of labelled rows (ascending): float32 `[len(rows), n_labels]`."""

    rows: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    label_ids: tuple[int, ...]
    outcome: HeldOut


class Guide:
    """When to refresh, and whether what was predicted came true.

    A refresh is due after `refresh_every` new values; one is under way at most, and what came
    in meanwhile counts towards the next. `wanted` notes that somebody asked for one meanwhile.
    """

    def __init__(self, config: GuideConfig) -> None:
        self.config = config
        self.predictions: Predictions | None = None
        self.held_out: HeldOutRows | None = None
        self.refreshing = False
        self.wanted = False
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
    def behind(self) -> int:
        """Count the values that came since the last refresh began."""
        return self._new

    @property
    def due(self) -> bool:
        """Tell whether a refresh should start now, by the number of new values or by request."""
        enough = 0 < self.config.refresh_every <= self._new
        return not self.refreshing and (enough or (self.wanted and self._new > 0))

    @property
    def due_when_idle(self) -> bool:
        """Tell whether a refresh should start once nobody annotates."""
        idle = self.config.refresh_idle_seconds is not None
        return idle and not self.refreshing and self._new > 0

    def note(self, *, predicted: object, given: object) -> None:
        """Hear of a new value; `predicted` is None where there was no prediction."""
        self._new += 1
        if predicted is not None:
            self._hits.append(predicted == given)

    def began(self) -> None:
        """A refresh is under way."""
        self.refreshing, self.wanted = True, False
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
