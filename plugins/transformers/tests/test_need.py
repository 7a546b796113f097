"""What a card must have is told without loading anything."""

from __future__ import annotations

import pytest

from kodkod.testing.isolation import imported_by
from kodkod_transformers.encoder_params import EncoderParams
from kodkod_transformers.few_shot_params import FewShotParams
from kodkod_transformers.need import encoder_mb, few_shot_mb, tuned_embeddings_mb
from kodkod_transformers.tuned_embeddings_params import FineTunedEmbeddingsParams

LARGE = "FacebookAI/xlm-roberta-large"


def test_estimating_imports_nothing_heavy():
    assert imported_by(["kodkod_transformers.need"]) == []


@pytest.mark.usefixtures("local_models")
def test_less_is_needed_for_a_small_model_for_lora_and_for_fewer_tokens():
    usual = encoder_mb(EncoderParams(model=LARGE))

    assert encoder_mb(EncoderParams(model="tiny-bert")) < 1_500
    assert encoder_mb(EncoderParams(model=LARGE, lora_rank=8)) < usual
    assert encoder_mb(EncoderParams(model=LARGE, frozen_layers=20)) < usual
    assert encoder_mb(EncoderParams(model=LARGE, gradient_checkpointing=True)) < usual
    assert encoder_mb(EncoderParams(model=LARGE, batch_tokens=1_024)) < usual
    # Weights, gradients and moments of 560 million parameters alone.
    assert usual > 9_000
    assert few_shot_mb(FewShotParams(model=LARGE)) > 9_000
    assert tuned_embeddings_mb(FineTunedEmbeddingsParams(model="mine")) > 1_500
