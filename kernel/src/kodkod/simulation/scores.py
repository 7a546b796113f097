"""What a model's predictions of the texts tested on are worth."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Compared, InvalidInputError, Metric, ScoreReport
from kodkod.plugins import PluginRegistry

__all__ = ["Scorer", "certain"]

_METRIC = "classification"


class Scorer:
    """One of the overall figures of the metric `classification`, without its intervals.

    With several labels a text, those with a probability of at least 0.5 are predicted.
    """

    def __init__(self, registry: PluginRegistry, figure: str, labels: tuple[str, ...]) -> None:
        self._registry = registry
        self._metric = self._built(from_probabilities=False)
        self._figure, self._labels = figure, labels
        self._rng = np.random.default_rng(0)

    def check(self, targets: NDArray[Any]) -> None:
        """See that there is such a figure.

        Raises:
            InvalidInputError: there is none; the message lists those that there are.
        """
        said = certain(targets, len(self._labels))
        if self._figure in self._report(targets, said).overall:
            return
        self._metric = self._built(from_probabilities=True)
        report = self._report(targets, said)
        if self._figure not in report.overall:
            raise InvalidInputError(
                f"There is no figure {self._figure!r}; there are: "
                f"{', '.join(sorted(report.overall))}.",
                field="metric",
            )

    def __call__(self, targets: NDArray[Any], probabilities: NDArray[np.float32]) -> float:
        """Return the score, 0 where it is not defined."""
        return self._report(targets, probabilities).overall[self._figure].value or 0.0

    def _built(self, *, from_probabilities: bool) -> Metric[Any]:
        # Intervals here are over seeds: the metric's own would take most of the time, and areas
        # under curves most of what is left.
        params = {"replicates": 0, "from_probabilities": from_probabilities}
        return cast("Metric[Any]", self._registry.build("metric", _METRIC, params))

    def _report(self, targets: NDArray[Any], probabilities: NDArray[np.float32]) -> ScoreReport:
        compared = Compared(reference=targets, probabilities=probabilities, labels=self._labels)
        return self._metric.score(compared, self._rng)


def certain(targets: NDArray[Any], n_labels: int) -> NDArray[np.float32]:
    """Return the probabilities of somebody who is sure of `targets`, `[n, n_labels]`."""
    if targets.ndim == 2:
        return targets.astype(np.float32)
    found = np.zeros((len(targets), n_labels), dtype=np.float32)
    found[np.arange(len(targets)), targets] = 1
    return found
