"""Every component of the plugin keeps the contract of its kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from kodkod.testing import contract_for

from .project import Trained

ENCODER = {
    "model": "tiny-modernbert",
    "epochs": 2,
    "held_out": 0.1,
    "learning_rate": 3e-3,
    "max_length": 64,
}
FEW_SHOT = {"model": "tiny-modernbert", "pairs": 1, "max_length": 64}
DECODER = {"model": "tiny-phi3", "epochs": 1, "learning_rate": 3e-3, "max_length": 64}
SPANS = {"model": "tiny-bert", "epochs": 1, "learning_rate": 3e-3, "max_length": 64}

pytestmark = pytest.mark.usefixtures("local_models")


@pytest.fixture(scope="session")
def contract_artefacts(tiny_models: Path) -> Trained:
    """A project whose model is a checkpoint as it came."""
    return Trained({"tuned": tiny_models / "tiny-modernbert"})


test_contract = contract_for(
    "kodkod_transformers.plugin",
    params={
        "encoder": ENCODER,
        "few-shot": FEW_SHOT,
        "decoder": DECODER,
        "span-tagger": SPANS,
        "fine-tuned-embeddings": {"model": "tuned"},
    },
)
