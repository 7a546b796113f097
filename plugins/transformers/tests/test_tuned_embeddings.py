"""Texts as a model of the project sees them."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from kodkod.api import InvalidInputError, UnavailableError, decode_params
from kodkod.testing import RecordingContext, make_texts
from kodkod_transformers.tuned_embeddings import FineTunedEmbeddings
from kodkod_transformers.tuned_embeddings_params import FineTunedEmbeddingsParams

from .project import Trained

TEXTS = make_texts(9)


@pytest.fixture
def project(tiny_models: Path, tmp_path: Path) -> Trained:
    """A project with one model that was fine-tuned, and one of another kind."""
    (tmp_path / "rules").mkdir()
    shutil.copytree(tiny_models / "tiny-modernbert", tmp_path / "tuned")
    return Trained({"tuned": tmp_path / "tuned", "rules": tmp_path / "rules"})


def made(project: Trained, tmp_path: Path, batch, **params):
    ctx = RecordingContext(tmp_path, project=project)
    feature = FineTunedEmbeddings(
        decode_params(FineTunedEmbeddingsParams, {"model": "tuned"} | params)
    )
    feature.fit(batch(TEXTS), ctx)
    return feature, ctx


@pytest.mark.parametrize("pooling", ["mean", "first"])
def test_vectors_are_the_pooled_last_layer(project, tmp_path, batch, pooling):
    import torch
    from transformers import AutoModel, AutoTokenizer

    feature, ctx = made(project, tmp_path, batch, pooling=pooling, normalise=False)
    found = feature.transform(batch(TEXTS), ctx)

    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "tuned")
    model = AutoModel.from_pretrained(tmp_path / "tuned").eval()
    with torch.inference_mode():
        hidden = [model(**tokenizer(text, return_tensors="pt"))[0][0] for text in TEXTS]
    expected = [each.mean(dim=0) if pooling == "mean" else each[0] for each in hidden]
    np.testing.assert_allclose(found, torch.stack(expected).numpy(), atol=1e-4)


def test_rows_added_later_are_embedded_though_the_model_was_deleted(project, tmp_path, batch):
    feature, ctx = made(project, tmp_path, batch)
    before = feature.transform(batch(TEXTS), ctx)
    (tmp_path / "saved").mkdir()
    feature.save(tmp_path / "saved")
    shutil.rmtree(tmp_path / "tuned")

    again = FineTunedEmbeddings(feature.params)
    again.load(tmp_path / "saved")
    after = again.transform(batch(TEXTS), RecordingContext(tmp_path, project=Trained({})))

    np.testing.assert_allclose(after, before, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(after, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", ["rules", "absent"])
def test_a_model_without_vectors_is_refused(project, tmp_path, batch, name):
    with pytest.raises(InvalidInputError, match=name):
        made(project, tmp_path, batch, model=name)


def test_without_a_project_it_says_so(tmp_path, batch):
    feature = FineTunedEmbeddings(FineTunedEmbeddingsParams(model="tuned"))

    with pytest.raises(UnavailableError, match="project"):
        feature.fit(batch(TEXTS), RecordingContext(tmp_path))


def test_a_damaged_model_says_so(project, tmp_path, batch):
    (tmp_path / "tuned" / "model.safetensors").write_bytes(b"nothing")

    with pytest.raises(UnavailableError, match="damaged"):
        made(project, tmp_path, batch)
