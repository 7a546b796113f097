"""Plain transformers models, and how the vectors of their tokens become one."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from kodkod.api import decode_params
from kodkod_embeddings.params import SentenceEmbeddingsParams
from kodkod_embeddings.sentence import SentenceEmbeddings

TEXTS = ["the sea is warm", "a short text", "parliament voted on the budget last night", "x"]


@pytest.fixture(scope="module")
def plain(minilm, tmp_path_factory) -> Path:
    """A folder with a small BERT that no sentence-transformers has touched."""
    from transformers import BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("models") / "plain"
    folder.mkdir()
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        if (minilm / name).exists():
            shutil.copy(minilm / name, folder / name)
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64
    )
    BertForSequenceClassification(config).eval().save_pretrained(folder)
    return folder


@pytest.fixture
def models(plain, monkeypatch) -> Path:
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(plain.parent))
    return plain


def build(**raw):
    given = {"model": "plain", "normalise": False, **raw}
    return SentenceEmbeddings(decode_params(SentenceEmbeddingsParams, given))


def tokens_of(folder: Path, text: str) -> np.ndarray:
    """Return the vectors of a text's tokens, by transformers alone."""
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    with torch.inference_mode():
        read = model.eval()(**tokenizer(text, return_tensors="pt"))
    return read.last_hidden_state[0].numpy()


POOLED = {
    "auto": lambda tokens: tokens.mean(axis=0),
    "mean": lambda tokens: tokens.mean(axis=0),
    "cls": lambda tokens: tokens[0],
    "max": lambda tokens: tokens.max(axis=0),
    "last": lambda tokens: tokens[-1],
}


@pytest.mark.parametrize("pooling", POOLED)
def test_a_plain_model_is_pooled_as_asked(pooling, models, batch, ctx):
    found = build(pooling=pooling).transform(batch(TEXTS), ctx)
    expected = [POOLED[pooling](tokens_of(models, text)) for text in TEXTS]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_pooling_goes_over_that_of_a_sentence_model(local_models, batch, ctx):
    own, same, other = (
        build(model="model", pooling=pooling).transform(batch(TEXTS), ctx)
        for pooling in ("auto", "mean", "cls")
    )
    np.testing.assert_allclose(own, same, atol=1e-6)
    assert np.abs(own - other).max() > 0.01


def test_a_text_that_is_there_often_is_computed_once(models, batch, ctx):
    feature = build()
    compute = feature._ready().vectors
    computed = []

    def counted(texts):
        computed.extend(texts)
        return compute(texts)

    feature._reader.vectors = counted
    found = feature.transform(batch([*TEXTS, *TEXTS, TEXTS[0]]), ctx)
    assert len(computed) == len(TEXTS)
    np.testing.assert_array_equal(found[:4], found[4:8])
    np.testing.assert_array_equal(found[0], found[8])
