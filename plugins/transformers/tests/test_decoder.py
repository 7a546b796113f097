"""Fine-tuned decoders: the real code, on tiny checkpoints of Phi-3's and Llama's architecture."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kodkod.api import InvalidInputError, TrainingSet, UnavailableError
from kodkod.testing import RecordingContext, make_batch, make_texts, make_training_set
from kodkod.testing.isolation import imported_by
from kodkod_transformers.decoder import Decoder
from kodkod_transformers.decoder_catalogue import DECODERS, DEFAULT_DECODER
from kodkod_transformers.decoder_need import decoder_mb
from kodkod_transformers.decoder_params import DecoderParams

from .tiny import build_tiny

pytestmark = pytest.mark.usefixtures("local_models")

NEW = make_texts(30, seed=2)
TOPICS = np.arange(30) % 3

AGAIN = """
import json, sys
import numpy as np
from pathlib import Path
from kodkod.testing import RecordingContext, make_batch
from kodkod_transformers.decoder import Decoder
from kodkod_transformers.decoder_params import DecoderParams
folder, out, texts = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
decoder = Decoder(DecoderParams())
decoder.load(folder)
np.save(out, decoder.predict_proba(make_batch(texts), None, RecordingContext(folder)))
"""


def params(**given: object) -> DecoderParams:
    usual = {"model": "tiny-phi3", "epochs": 4, "learning_rate": 2e-2, "max_length": 64}
    return DecoderParams(**(usual | given))


def fitted(data: TrainingSet, folder: Path, **given: object) -> tuple[Decoder, RecordingContext]:
    ctx = RecordingContext(folder, seed=7)
    decoder = Decoder(params(**given))
    decoder.fit(data, ctx)
    return decoder, ctx


@pytest.fixture(scope="module", params=["tiny-phi3", "tiny-llama"])
def one_label(request, tiny_models, tmp_path_factory):
    """A decoder whose tokenizer pads on the left, and one whose tokenizer cannot pad."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KODKOD_LOCAL_MODELS", str(tiny_models))
        folder = tmp_path_factory.mktemp("decoder")
        return fitted(make_training_set(90, texts=True), folder, model=request.param)


def saved(decoder: Decoder, folder: Path) -> Path:
    folder.mkdir()
    decoder.save(folder)
    return folder


def test_it_learns_by_lora_on_the_attention(one_label, ctx):
    decoder, said = one_label
    proba = decoder.predict_proba(make_batch(NEW), None, ctx)

    assert (proba.argmax(axis=1) == TOPICS).mean() > 0.7
    layers = "qkv_proj, o_proj" if "phi3" in decoder.params.model else "q_proj, k_proj, v_proj"
    assert any(f"LoRA is put on {layers}" in line for line in said.lines)
    assert any("not kept in 4 bits, as there is no card" in line for line in said.lines)


def test_padding_changes_nothing(one_label, ctx):
    decoder, _ = one_label
    texts = ["", "bank", " ".join(NEW[:4]), "</s>", "<|endoftext|>", NEW[0], "goal " * 50]
    together = decoder.predict_proba(make_batch(texts), None, ctx)
    alone = [decoder.predict_proba(make_batch([text]), None, ctx)[0] for text in texts]
    np.testing.assert_allclose(together, alone, atol=1e-4)


def test_only_what_was_learnt_is_saved_and_a_new_process_predicts_the_same(
    one_label, tiny_models, tmp_path, ctx
):
    decoder, _ = one_label
    if "llama" in decoder.params.model:
        pytest.skip("a process takes seconds to start; one is enough")
    folder = saved(decoder, tmp_path / "saved")
    whole = (tiny_models / decoder.params.model / "model.safetensors").stat().st_size
    done = subprocess.run(
        [sys.executable, "-c", AGAIN, folder, tmp_path / "again.npy", json.dumps(NEW)],
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    expected = decoder.predict_proba(make_batch(NEW), None, ctx)
    np.testing.assert_allclose(np.load(tmp_path / "again.npy"), expected, atol=1e-5)
    assert (folder / "adapter_model.safetensors").stat().st_size < whole / 4
    assert str(tiny_models) not in (folder / "adapter_config.json").read_text()


def test_several_labels_have_thresholds_that_are_kept(tmp_path, ctx):
    data = make_training_set(90, "multilabel", texts=True)
    decoder, _ = fitted(data, tmp_path, held_out=0.3)
    again = Decoder(params())
    again.load(saved(decoder, tmp_path / "saved"))

    chosen = decoder.thresholds()
    assert chosen is not None
    assert chosen.shape == (4,)
    assert chosen[3] == 0.5
    np.testing.assert_array_equal(again.thresholds(), chosen)
    batch = make_batch(NEW)
    np.testing.assert_allclose(
        again.predict_proba(batch, None, ctx), decoder.predict_proba(batch, None, ctx), atol=1e-5
    )


def test_with_rank_0_all_weights_are_learnt_and_saved(tmp_path, ctx):
    data = make_training_set(60, texts=True)
    decoder, said = fitted(data, tmp_path, lora_rank=0, learning_rate=3e-3, epochs=3)
    again = Decoder(params())
    again.load(saved(decoder, tmp_path / "saved"))

    assert not any("4 bits" in line for line in said.lines)
    batch = make_batch(NEW)
    proba = decoder.predict_proba(batch, None, ctx)
    assert (proba.argmax(axis=1) == TOPICS).mean() > 0.7
    np.testing.assert_allclose(again.predict_proba(batch, None, ctx), proba, atol=1e-5)


def test_it_is_exported_whole(one_label, tmp_path, ctx):
    from transformers import pipeline

    decoder, _ = one_label
    expected = decoder.predict_proba(make_batch(NEW), None, ctx)
    notes = decoder.export(tmp_path, "transformers", ("money", "sport", "sky", "new"), ctx)
    classify = pipeline("text-classification", model=str(tmp_path), top_k=None, device="cpu")

    for found, row in zip(classify(NEW, batch_size=8), expected, strict=True):
        said = {each["label"]: each["score"] for each in found}
        assert said == pytest.approx(
            dict(zip(("money", "sport", "sky"), row[:3], strict=True)), abs=1e-3
        )
    assert notes.pipeline == "text-classification"
    np.testing.assert_allclose(
        decoder.predict_proba(make_batch(NEW), None, ctx), expected, atol=1e-6
    )
    with pytest.raises(InvalidInputError, match="not 'onnx'"):
        decoder.export(tmp_path, "onnx", ("a", "b", "c", "d"), ctx)


def test_a_decoder_that_went_or_was_replaced_is_told(tiny_models, tmp_path, monkeypatch):
    models = tmp_path / "models"
    shutil.copytree(tiny_models / "tiny-phi3", models / "tiny-phi3")
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(models))
    decoder, _ = fitted(make_training_set(30, texts=True), tmp_path, epochs=1)
    folder = saved(decoder, tmp_path / "saved")

    shutil.rmtree(models / "tiny-phi3")
    with pytest.raises(InvalidInputError, match="tiny-phi3"):
        Decoder(params()).load(folder)
    build_tiny("tiny-phi3", models, seed=1)
    with pytest.raises(UnavailableError, match="not the one that this model was taught on"):
        Decoder(params()).load(folder)


def test_a_damaged_folder_is_named(one_label, tmp_path):
    folder = saved(one_label[0], tmp_path / "saved")
    (folder / "adapter_model.safetensors").write_bytes(b"no")
    with pytest.raises(UnavailableError, match="train it again"):
        Decoder(params()).load(folder)
    (folder / "decoder.json").unlink()
    with pytest.raises(UnavailableError, match=r"decoder\.json"):
        Decoder(params()).load(folder)


def test_4_bits_are_refused_where_they_cannot_be(tmp_path):
    import torch

    data = make_training_set(30, texts=True)
    with pytest.raises(InvalidInputError, match="cannot be trained"):
        fitted(data, tmp_path, quantise="always", lora_rank=0)
    if not torch.cuda.is_available():
        with pytest.raises(UnavailableError, match="there is no card"):
            fitted(data, tmp_path, quantise="always")


def test_the_need_of_a_card_follows_from_the_params():
    assert imported_by(["kodkod_transformers.decoder_need"]) == []
    needs = [
        decoder_mb(params(model="org/decoder-4B", quantise=quantise, lora_rank=rank))
        for quantise, rank in (("always", 16), ("never", 16), ("never", 0))
    ]
    assert needs == sorted(set(needs))
    assert needs[0] > 4_000_000_000 * 0.5 / 2**20
    assert needs[2] > 4_000_000_000 * 16 / 2**20
    assert decoder_mb(params()) < decoder_mb(params(model="org/decoder-350m"))


def test_the_catalogue_is_of_names_that_the_hub_takes():
    names = [each.name for each in DECODERS]
    assert len(set(names)) == len(names)
    assert DEFAULT_DECODER in names
    assert all(name.count("/") == 1 for name in names)
    assert all(each.licence in {"Apache-2.0", "MIT"} for each in DECODERS)
