"""A project that has some models, as a component sees it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kodkod.api import InvalidInputError, StoredPredictions, StoredTopics, TrainedModel

__all__ = ["Trained"]


class Trained:
    """The artefacts of a project with these models, by name."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = dict(folders)

    def model(self, key: str) -> TrainedModel:
        """Return the model of that name."""
        if key not in self._folders:
            raise InvalidInputError(f"There is no model {key!r}.", field="model")
        return TrainedModel(
            id=f"id-{key}",
            name=key,
            component="encoder",
            params={},
            scheme_type="multiclass",
            labels=(),
            folder=self._folders[key],
        )

    def predictions(self, model: str) -> StoredPredictions:
        """Return nothing: none has predicted."""
        raise InvalidInputError(f"The model {model!r} has not predicted yet.")

    def topics(self, key: str) -> StoredTopics:
        """Return nothing: there are none."""
        raise InvalidInputError(f"There are no topics {key!r}.", field="topics")

    def file(self, key: str) -> Path:
        """Return nothing: there are no files."""
        raise InvalidInputError(f"There is no file {key!r}.")
