"""A project with files and a model, for features that ask for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kodkod.api import InvalidInputError, StoredPredictions, TrainedModel
from kodkod.testing.material import make_features

ROWS = 200


class GivenFiles:
    """A project that has the files of a folder, and a model that has predicted some rows."""

    def __init__(self, folder: Path, predicted: int = 0) -> None:
        self.folder, self.predicted = folder, predicted

    def file(self, key):
        if not (self.folder / key).exists():
            raise InvalidInputError(f"The project has no file {key!r}.", field="file")
        return self.folder / key

    def model(self, key):
        return TrainedModel(
            id="m1",
            name=key,
            component="logistic",
            params={},
            scheme_type="multiclass",
            labels=("no", "yes"),
            folder=self.folder,
        )

    def predictions(self, model):
        assert model == "m1"
        given = np.linspace(0, 1, 2 * self.predicted, dtype=np.float32).reshape(-1, 2)
        return StoredPredictions(labels=("no", "yes"), probabilities=given)


@pytest.fixture(scope="session")
def files() -> type[GivenFiles]:
    """What makes a project of a folder with files, and of how many rows are predicted."""
    return GivenFiles


@pytest.fixture(scope="session")
def contract_artefacts(tmp_path_factory: pytest.TempPathFactory) -> GivenFiles:
    """A project with `vectors.npy`, in the order of the rows, and predictions of all of them."""
    folder = tmp_path_factory.mktemp("project")
    np.save(folder / "vectors.npy", make_features(ROWS))
    return GivenFiles(folder, predicted=ROWS)
