import os
import string

import pytest

from kodkod.testing import contract_for
from kodkod_embeddings.plugin import register_components


@pytest.fixture(scope="session")
def words(tmp_path_factory):
    """A file of word vectors in a folder of its own."""
    path = tmp_path_factory.mktemp("words") / "words.vec"
    lines = (f"{word} {place} 1 {place % 3}" for place, word in enumerate(string.ascii_lowercase))
    path.write_text("\n".join(lines))
    return path


@pytest.fixture(scope="session")
def contract_params(minilm, words):
    return {
        "sentence-embeddings": {"model": str(minilm), "max_length": 64},
        "static-vectors": {"vectors": str(words)},
    }


@pytest.fixture(autouse=True)
def _allowed(local_models, words, monkeypatch):
    """The folders of both are such as the administrator allows."""
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", f"{local_models}{os.pathsep}{words.parent}")


test_contract = contract_for("kodkod_embeddings.plugin")


def test_it_runs_in_a_process_of_its_own_with_the_gpu():
    sentences, words = register_components()
    assert sentences.resources.heavy
    assert sentences.resources.gpu
    assert words.resources.heavy
    assert not words.resources.gpu
