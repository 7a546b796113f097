import pytest

from kodkod.testing import contract_for
from kodkod_embeddings.plugin import register_components


@pytest.fixture(scope="session")
def contract_params(minilm):
    return {"sentence-embeddings": {"model": str(minilm), "max_length": 64}}


@pytest.fixture(autouse=True)
def _allowed(local_models):
    """The encoder's folder is one that the administrator allows."""


test_contract = contract_for("kodkod_embeddings.plugin")


def test_it_runs_in_a_process_of_its_own_with_the_gpu():
    (spec,) = register_components()
    assert spec.resources.heavy
    assert spec.resources.gpu
