"""What a running component may ask of the job it runs in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api.errors import UnavailableError
from kodkod.api.values import Matrix

__all__ = [
    "JobContext",
    "ProjectArtefacts",
    "StoredPredictions",
    "StoredTopics",
    "TrainedModel",
]


class TrainedModel(Struct, frozen=True, kw_only=True):
    """A model of the project: what its component was given, and the folder its `save` filled."""

    id: str
    name: str
    component: str
    params: dict[str, Any]
    scheme_type: str
    labels: tuple[str, ...]
    folder: Path


class StoredPredictions(Struct, frozen=True, kw_only=True):
    """A model's probabilities, float32 `[n, n_labels]`, of rows 0 to n; mapped from a file.

    A row that the model said nothing of is NaN.
    """

    labels: tuple[str, ...]
    probabilities: NDArray[np.float32]


class StoredTopics(Struct, frozen=True, kw_only=True):
    """Topics of the project as they are now: what their component was given, and what it saved.

    `vectors` are those of the feature that they were found by, of rows 0 to m; `assigned`, int32
    `[n]`, has the topic's id of rows 0 to n, or -1. Both are mapped from files.
    """

    id: str
    name: str
    component: str
    params: dict[str, Any]
    folder: Path
    vectors: Matrix
    assigned: NDArray[np.int32]


class ProjectArtefacts(Protocol):
    """What other jobs of the project made. Models, topics and files go by id or name."""

    def model(self, key: str) -> TrainedModel:
        """Return a trained model.

        Raises:
            InvalidInputError: there is none of that id or name.
        """
        ...

    def predictions(self, model: str) -> StoredPredictions:
        """Return what a model said of the corpus.

        Raises:
            InvalidInputError: there is no such model, or it has not predicted yet.
        """
        ...

    def topics(self, key: str) -> StoredTopics:
        """Return topics that were found.

        Raises:
            InvalidInputError: there are none of that id or name, or their feature is gone.
        """
        ...

    def file(self, key: str) -> Path:
        """Return a file that somebody gave to the project; its name ends as they called it.

        Raises:
            InvalidInputError: there is none of that id or name.
        """
        ...

    def secret(self, name: str, origin: str) -> str:
        """Return a secret of the project, such as an API key, to send to `origin` alone.

        `origin` is scheme, host and port (`https://api.example.org`): whoever may use a secret
        cannot have it sent anywhere else than its owner meant.

        Raises:
            InvalidInputError: there is none of that name, or it is for another origin.
        """
        ...


class JobContext(ABC):
    """Progress, cancellation, log and scratch space of one job.

    `seed` is the job's own; `rng()` gives a fresh generator from it, the same on every call.
    """

    seed: int

    @property
    def folder(self) -> Path:
        """Return an empty folder that is deleted when the job ends.

        Raises:
            UnavailableError: what runs here has none.
        """
        raise UnavailableError("What runs here has no folder to write to.")

    @property
    def checkpoints(self) -> Path:
        """Return a folder in which a run that was killed finds what the one before left.

        It goes when the job is over. What is written here is written aside and renamed. Where
        nothing outlives a run it is `folder`.
        """
        return self.folder

    @property
    def artefacts(self) -> ProjectArtefacts:
        """Return what else the job's project has.

        Raises:
            UnavailableError: the job is of no project.
        """
        raise UnavailableError("What runs here belongs to no project; run it in a project.")

    @abstractmethod
    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        """Tell how far the work has come, and let a cancellation through.

        Call it often (each batch): it is cheap, and what it passes on is throttled.
        `fraction` is in [0, 1], or None where the end is unknown; `metrics` are kept as a
        series (a loss curve). One that is called `step` or `epoch` is where the others belong.

        Raises:
            Cancelled: the job was asked to stop. Let it pass.
        """

    @abstractmethod
    def log(self, line: str) -> None:
        """Append a line to the job's log."""

    def rng(self) -> np.random.Generator:
        """Return a generator seeded with the job's seed."""
        return np.random.default_rng(self.seed)
