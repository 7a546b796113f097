"""Encoders for other software."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kodkod.api import InvalidInputError
from kodkod.testing import RecordingContext, make_texts, make_training_set
from kodkod_transformers.encoder import Encoder
from kodkod_transformers.encoder_params import EncoderParams

NOW = ("Wirtschaft", "Sport", "Wetter", "nie")
TEXTS = make_texts(12, seed=4)


@pytest.fixture(scope="module")
def encoder(tiny_models, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KODKOD_LOCAL_MODELS", str(tiny_models))
        made = Encoder(EncoderParams(model="tiny-modernbert", epochs=3, learning_rate=3e-3))
        data = make_training_set(60, texts=True)
        made.fit(data, RecordingContext(tmp_path_factory.mktemp("job"), seed=7))
        return made


def test_the_folder_has_the_labels_as_they_are_called_now(encoder, ctx, tmp_path):
    from transformers import pipeline

    notes = encoder.export(tmp_path, "transformers", NOW, ctx)
    classify: Any = pipeline("text-classification", model=str(tmp_path))
    said = [each["label"] for each in classify(TEXTS, truncation=True)]

    assert set(said) <= set(NOW[:3])
    assert {file.suffix for file in tmp_path.iterdir()} == {".json", ".safetensors"}
    assert (notes.library, notes.pipeline) == ("transformers", "text-classification")
    # A local folder has no name that means anything elsewhere.
    assert notes.base_model is None
    compile(notes.usage, "usage", "exec")


def test_onnx_computes_the_same_probabilities(encoder, ctx, batch, tmp_path):
    import onnxruntime
    from transformers import AutoTokenizer

    notes = encoder.export(tmp_path, "onnx", NOW, ctx)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    inputs = tokenizer(TEXTS, truncation=True, padding=True, return_tensors="np")
    logits: Any = session.run(
        None, {name: inputs[name] for name in ("input_ids", "attention_mask")}
    )[0]
    odds = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)

    expected = encoder.predict_proba(batch(TEXTS), None, ctx)[:, :3]
    np.testing.assert_allclose(odds, expected, atol=1e-3)
    assert not list(tmp_path.glob("*.safetensors"))
    compile(notes.usage, "usage", "exec")


def test_a_form_that_is_not_known_is_refused(encoder, ctx, tmp_path):
    with pytest.raises(InvalidInputError, match="transformers or onnx"):
        encoder.export(tmp_path, "gguf", NOW, ctx)
