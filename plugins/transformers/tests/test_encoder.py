"""Fine-tuned encoders: what is learnt, what is saved, and what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from safetensors import safe_open

from kodkod.api import InvalidInputError, TrainingSet, UnavailableError
from kodkod.testing import RecordingContext, make_texts, make_training_set
from kodkod_transformers.encoder import Encoder
from kodkod_transformers.encoder_params import EncoderParams

pytestmark = pytest.mark.usefixtures("local_models")

NEW = make_texts(30, seed=2)
TOPICS = np.arange(30) % 3


def params(**given: Any) -> EncoderParams:
    usual: dict[str, Any] = {
        "model": "tiny-modernbert",
        "epochs": 5,
        "learning_rate": 3e-3,
        "max_length": 64,
    }
    return EncoderParams(**(usual | given))


def fitted(data: TrainingSet, folder: Path, **given: Any) -> tuple[Encoder, RecordingContext]:
    ctx = RecordingContext(folder, seed=7)
    encoder = Encoder(params(**given))
    encoder.fit(data, ctx)
    return encoder, ctx


@pytest.fixture(scope="module")
def one_label(tiny_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KODKOD_LOCAL_MODELS", str(tiny_models))
        folder = tmp_path_factory.mktemp("one")
        return fitted(make_training_set(90, texts=True), folder)[0]


@pytest.fixture(scope="module")
def several_labels(tiny_models: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KODKOD_LOCAL_MODELS", str(tiny_models))
        folder = tmp_path_factory.mktemp("several")
        data = make_training_set(90, "multilabel", texts=True)
        return fitted(data, folder, held_out=0.3, epochs=6)[0]


def test_it_learns_what_texts_are_about(one_label, batch, ctx):
    proba = one_label.predict_proba(batch(NEW), None, ctx)

    assert (proba.argmax(axis=1) == TOPICS).mean() > 0.9


def test_transformers_loads_the_folder_by_itself_and_says_the_same(one_label, batch, ctx, tmp_path):
    from transformers import pipeline

    (tmp_path / "saved").mkdir()
    one_label.save(tmp_path / "saved")
    classify: Any = pipeline("text-classification", model=str(tmp_path / "saved"), top_k=None)
    said = classify(NEW, truncation=True)

    proba = one_label.predict_proba(batch(NEW), None, ctx)
    for scores, row in zip(said, proba, strict=True):
        found = {each["label"]: each["score"] for each in scores}
        expected = dict(zip(("economy", "sport", "weather"), row[:3].tolist(), strict=True))
        assert found == pytest.approx(expected, abs=1e-5)


def test_thresholds_come_from_texts_that_were_not_learnt_from(several_labels, batch, ctx):
    thresholds = several_labels.thresholds()
    proba = several_labels.predict_proba(batch(NEW), None, ctx)

    assert thresholds.dtype == np.float32
    assert thresholds.shape == (4,)
    assert ((thresholds > 0) & (thresholds < 1)).all()
    assert thresholds[3] == 0.5
    assert ((proba >= thresholds)[np.arange(30), TOPICS]).mean() > 0.8


def test_thresholds_outlive_the_process(several_labels, tmp_path):
    several_labels.save(tmp_path)
    again = Encoder(several_labels.params)
    again.load(tmp_path)

    np.testing.assert_array_equal(again.thresholds(), several_labels.thresholds())


def test_a_model_of_one_label_against_the_rest_has_one_column(batch, ctx, tmp_path):
    data = make_training_set(60, texts=True)
    is_sport = (data.targets == 1).astype(np.uint8)[:, None]
    data = msgspec.structs.replace(data, targets=is_sport, labels=("sport",))

    encoder, _ = fitted(data, tmp_path, epochs=6)
    proba = encoder.predict_proba(batch(NEW), None, ctx)

    assert proba.shape == (30, 1)
    assert proba[TOPICS == 1].mean() > proba[TOPICS != 1].mean() + 0.05


def test_lora_trains_little_and_is_merged_when_saved(batch, ctx, tmp_path):
    encoder, told = fitted(
        make_training_set(90, texts=True), tmp_path, lora_rank=4, learning_rate=2e-2
    )
    encoder.save(tmp_path)

    proba = encoder.predict_proba(batch(NEW), None, ctx)
    with safe_open(tmp_path / "model.safetensors", framework="pt") as file:
        names = list(file.keys())
    trained, total = (
        int(word.replace(",", ""))
        for line in told.lines
        if line.startswith("trains ")
        for word in (line.split()[1], line.split()[3])
    )
    assert trained < total / 3
    assert not any("lora" in name or "base_layer" in name for name in names)
    assert not (tmp_path / "adapter_config.json").exists()
    assert (proba.argmax(axis=1) == TOPICS).mean() > 0.6


def test_lora_on_layers_that_are_not_there_is_refused(tmp_path):
    with pytest.raises(InvalidInputError, match="no_such_layer"):
        fitted(
            make_training_set(12, texts=True),
            tmp_path,
            lora_rank=2,
            lora_targets=("no_such_layer",),
        )


def test_frozen_layers_stay_as_they_are(tiny_models, tmp_path):
    encoder, _ = fitted(make_training_set(30, texts=True), tmp_path, epochs=1, frozen_layers=1)

    before = safe_open(tiny_models / "tiny-modernbert" / "model.safetensors", framework="pt")
    after = encoder._model.state_dict()
    same = {
        name
        for name in before.keys()  # noqa: SIM118 - a file has no other way
        if name in after and torch.equal(before.get_tensor(name), after[name])
    }
    assert "model.embeddings.tok_embeddings.weight" in same
    assert "model.layers.0.attn.Wqkv.weight" in same
    assert "model.layers.1.attn.Wqkv.weight" not in same


def test_all_layers_cannot_be_frozen(tmp_path):
    with pytest.raises(InvalidInputError, match="has 2 layers"):
        fitted(make_training_set(12, texts=True), tmp_path, frozen_layers=2)


def test_bert_learns_with_every_option(tmp_path):
    _, ctx = fitted(
        make_training_set(60, texts=True),
        tmp_path,
        model="tiny-bert",
        epochs=4,
        batch_size=8,
        loss="focal",
        class_weights="balanced",
        label_smoothing=0.1,
        gradient_checkpointing=True,
        schedule="cosine",
        accumulation=2,
    )

    losses = [r.metrics["loss"] for r in ctx.reports if "loss" in r.metrics]
    assert np.mean(losses[-4:]) < np.mean(losses[:4])


def test_deberta_is_trained_too(batch, ctx, tmp_path):
    encoder, _ = fitted(make_training_set(24, texts=True), tmp_path, model="tiny-deberta", epochs=1)

    assert np.isfinite(encoder.predict_proba(batch(NEW), None, ctx)).all()


def test_the_length_is_taken_from_the_corpus_and_said(tmp_path):
    data = make_training_set(40, texts=True)

    encoder, ctx = fitted(data, tmp_path, epochs=1, max_length=None)
    longer, _ = fitted(data, tmp_path, epochs=1, max_length=4_000)

    assert encoder._learnt is not None
    assert 16 <= encoder._learnt.max_length < 128
    assert any("95 % of the texts" in line for line in ctx.lines)
    assert longer._learnt is not None
    assert longer._learnt.max_length == 128
    assert longer.window() is None


def test_what_is_read_of_longer_texts_is_known(tmp_path):
    data = make_training_set(40, texts=True)
    encoder, _ = fitted(data, tmp_path, epochs=1, max_length=8)
    window = encoder.window()
    assert window is not None
    assert window.tokens == 8
    assert 0 < window.characters < max(map(len, data.batch.texts))
    (tmp_path / "saved").mkdir()
    encoder.save(tmp_path / "saved")
    again = Encoder(params(max_length=8))
    again.load(tmp_path / "saved")
    assert again.window() == window


def test_weights_that_are_pickled_are_refused_with_the_remedy(tiny_models, tmp_path, monkeypatch):
    folder = shutil.copytree(tiny_models / "tiny-bert", tmp_path / "models" / "pickled")
    torch.save({}, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(tmp_path / "models"))

    with pytest.raises(InvalidInputError, match=r"no weights as safetensors.*save_pretrained"):
        fitted(make_training_set(12, texts=True), tmp_path, model="pickled")


def test_code_that_comes_with_a_model_is_not_run(tiny_models, tmp_path, monkeypatch):
    folder = shutil.copytree(tiny_models / "tiny-bert", tmp_path / "models" / "coded")
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "coded", "auto_map": {"AutoConfig": "evil.Config"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Config: pass\n")
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(tmp_path / "models"))

    with pytest.raises(InvalidInputError, match="code of its own"):
        fitted(make_training_set(12, texts=True), tmp_path, model="coded")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("name", "error", "remedy"),
    [
        ("nobody/has-this-model", UnavailableError, "hf download nobody/has-this-model"),
        ("../../etc", InvalidInputError, "KODKOD_LOCAL_MODELS"),
        ("/etc", InvalidInputError, "KODKOD_LOCAL_MODELS"),
    ],
)
def test_a_model_that_cannot_be_had_says_what_to_do(tmp_path, name, error, remedy):
    with pytest.raises(error, match=remedy):
        fitted(make_training_set(12, texts=True), tmp_path, model=name)


def test_a_damaged_folder_says_so(several_labels, tmp_path):
    several_labels.save(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1_000])

    with pytest.raises(UnavailableError, match="train it again"):
        Encoder(params()).load(tmp_path)


def test_a_model_that_learnt_nothing_says_so(batch: Callable, ctx):
    with pytest.raises(InvalidInputError, match="train it first"):
        Encoder(params()).predict_proba(batch(NEW), None, ctx)
