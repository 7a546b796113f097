import numpy as np
import pytest

from kodkod.api import StoredTopics
from kodkod.testing import RecordingContext
from kodkod.testing.material import make_batch, make_features, make_texts
from kodkod_topics.model import Bertopic
from kodkod_topics.params import BertopicParams

N = 120
QUICK = BertopicParams(reducer="pca", min_size=8)


class Project:
    """A project that has topics called `found`."""

    def __init__(self, found: StoredTopics) -> None:
        self.found = found

    def topics(self, key: str) -> StoredTopics:
        assert key in (self.found.name, self.found.id)
        return self.found


@pytest.fixture(scope="session")
def contract_artefacts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("topics")
    model = Bertopic(QUICK)
    found = model.fit(make_batch(make_texts(N)), make_features(N), RecordingContext(folder, seed=1))
    model.save(folder)
    return Project(
        StoredTopics(
            id="x1",
            name="found",
            component="bertopic",
            params={"reducer": "pca", "min_size": 8},
            folder=folder,
            vectors=np.asarray(make_features(N)),
            assigned=found.assigned,
        )
    )
