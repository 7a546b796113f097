import json
import os
import subprocess
import sys

import numpy as np
import pytest

from kodkod.api import UnavailableError, decode_params
from kodkod_embeddings.params import SentenceEmbeddingsParams
from kodkod_embeddings.sentence import SentenceEmbeddings

TEXTS = [
    "The sea is getting warmer every year.",
    "Ocean temperatures keep rising.",
    "Parliament voted on the budget last night after a debate that went on for many hours.",
    "un été très chaud",
    "日本語 🌊 العربية",
]
HOSTILE = ["", " ", "\x00", "\ud800 lone surrogate", "word " * 20_000, "🌊" * 500, "<s>[MASK]</s>"]


def build(**raw):
    return SentenceEmbeddings(decode_params(SentenceEmbeddingsParams, {"model": "model", **raw}))


@pytest.fixture(scope="module")
def fitted(minilm):
    """One loaded encoder for the tests that change nothing of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KODKOD_LOCAL_MODELS", str(minilm.parent))
        feature = build()
        feature._ready()
    return feature


def test_vectors_are_those_of_sentence_transformers_in_the_order_of_the_texts(
    fitted, batch, ctx, minilm
):
    from sentence_transformers import SentenceTransformer

    ours = fitted.transform(batch(TEXTS), ctx)
    theirs = SentenceTransformer(str(minilm), device="cpu").encode(
        TEXTS, normalize_embeddings=True, show_progress_bar=False
    )
    assert ours.dtype == np.float32
    assert ours.shape == (5, 384)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    assert ours[0] @ ours[1] > ours[0] @ ours[2] + 0.2


def test_a_text_has_the_same_vector_in_any_batch(fitted, local_models, batch, ctx):
    together = fitted.transform(batch(TEXTS), ctx)
    small = build(batch_tokens=128).transform(batch([*reversed(TEXTS), "x " * 200]), ctx)
    np.testing.assert_allclose(small[:5][::-1], together, atol=1e-5)
    np.testing.assert_allclose(fitted.transform(batch([TEXTS[3]]), ctx)[0], together[3], atol=1e-5)


def test_hostile_texts_have_finite_vectors(fitted, batch, ctx):
    vectors = fitted.transform(batch(HOSTILE), ctx)
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert any(line.startswith("1 of 7 texts are longer than 256 tokens") for line in ctx.lines)


def test_no_text_gives_no_row(fitted, batch, ctx):
    assert fitted.transform(batch([]), ctx).shape == (0, 384)


def test_vectors_are_scaled_to_length_1_unless_told_otherwise(
    batch, ctx, monkeypatch, tmp_path, minilm
):
    # Given the encoder without its own last step, which scales.
    for file in minilm.iterdir():
        (tmp_path / file.name).symlink_to(file)
    modules = json.loads((minilm / "modules.json").read_text())
    (tmp_path / "modules.json").unlink()
    (tmp_path / "modules.json").write_text(json.dumps(modules[:2]))
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(tmp_path))
    raw, scaled = (
        build(model=str(tmp_path), normalise=normalise).transform(batch(TEXTS), ctx)
        for normalise in (False, True)
    )
    lengths = np.linalg.norm(raw, axis=1, keepdims=True)
    assert np.abs(lengths - 1).min() > 0.01
    np.testing.assert_allclose(raw / lengths, scaled, atol=1e-5)


def test_params_reach_the_model(local_models, batch, ctx, fitted):
    prompted = build(prompt="query: ").transform(batch(TEXTS), ctx)
    np.testing.assert_allclose(
        prompted, fitted.transform(batch([f"query: {text}" for text in TEXTS]), ctx), atol=1e-5
    )
    cut = build(max_length=8)
    cut.fit(batch(TEXTS), ctx)
    vectors = cut.transform(batch([TEXTS[2], f"{TEXTS[2]} And so on."]), ctx)
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)
    assert any("reads 8 tokens" in line for line in ctx.lines)


def test_how_much_of_a_text_is_read_is_known_and_kept(local_models, batch, ctx, tmp_path):
    short = build()
    short.fit(batch(TEXTS), ctx)
    assert short.window() is None
    cut = build(max_length=8)
    cut.fit(batch(TEXTS), ctx)
    window = cut.window()
    assert window is not None
    assert window.tokens == 8
    # Of the longest, what is read ends within it.
    assert 5 < window.characters < len(TEXTS[2])
    cut.save(tmp_path)
    again = build(max_length=8)
    again.load(tmp_path)
    assert again.window() == window


def test_each_batch_reports_progress_and_speed(local_models, batch, ctx):
    build(batch_tokens=128).transform(batch([f"{i} {t}" for i in range(20) for t in TEXTS]), ctx)
    computed = [report for report in ctx.reports if report.metrics]
    assert len(computed) > 3
    fractions = [report.fraction for report in computed]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert all(report.metrics["texts_per_second"] > 0 for report in computed)


def test_a_model_that_is_nowhere_says_how_to_get_it(batch, ctx, monkeypatch):
    monkeypatch.delenv("KODKOD_LOCAL_MODELS", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(UnavailableError, match="hf download some-org/absent"):
        build(model="some-org/absent").fit(batch(TEXTS), ctx)


@pytest.mark.parametrize("damage", ["truncated", "no weights", "pickle only"])
def test_a_damaged_model_says_so(batch, ctx, monkeypatch, tmp_path, minilm, damage):
    # Given a model whose weights are cut short, missing, or a pickle.
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in minilm.iterdir():
        if file.is_file() and file.suffix != ".safetensors":
            (broken / file.name).write_bytes(file.read_bytes())
    (broken / "1_Pooling").mkdir()
    (broken / "1_Pooling/config.json").write_bytes((minilm / "1_Pooling/config.json").read_bytes())
    if damage == "truncated":
        (broken / "model.safetensors").write_bytes(
            (minilm / "model.safetensors").read_bytes()[:1_000]
        )
    if damage == "pickle only":
        (broken / "pytorch_model.bin").write_bytes(b"\x80\x04N.")
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(tmp_path))
    with pytest.raises(UnavailableError, match="cannot be read"):
        build(model="broken").fit(batch(TEXTS), ctx)


def test_code_that_comes_with_a_model_is_not_run(batch, ctx, monkeypatch, tmp_path, minilm):
    folder = tmp_path / "evil"
    folder.mkdir()
    (folder / "modeling_evil.py").write_text("open('proof', 'w')\nclass Evil: pass\n")
    (folder / "config.json").write_bytes((minilm / "config.json").read_bytes())
    modules = [{"idx": 0, "name": "0", "path": "", "type": "modeling_evil.Evil"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnavailableError, match="cannot be read"):
        build(model="evil").fit(batch(TEXTS), ctx)
    assert not list(tmp_path.rglob("proof"))


def test_memory_that_runs_out_halves_the_batch(local_models, batch, ctx, fitted):
    import torch

    expected = fitted.transform(batch(TEXTS), ctx)
    # Given an encoder that, like a full card, takes no more than two texts at a time.
    feature = build()
    reader = feature._ready()
    compute = reader.vectors
    sizes = []

    def full(texts):
        sizes.append(len(texts))
        if len(texts) > 2:
            raise torch.OutOfMemoryError
        return compute(texts)

    reader.vectors = full
    np.testing.assert_allclose(feature.transform(batch(TEXTS), ctx), expected, atol=1e-5)
    assert sizes == [5, 3, 2, 1, 1, 1]
    assert ctx.lines[0].startswith("A batch of 5 did not fit into memory; halved to 3")
    assert any("did not fit" in report.message for report in ctx.reports)
    assert ctx.reports[-1].metrics["batch_parts"] == 4

    # And what was learnt holds for the texts that come next.
    sizes.clear()
    feature.transform(batch(TEXTS), ctx)
    assert sizes == [2, 2, 1]


def test_a_card_too_small_for_one_text_says_what_to_change(local_models, batch, ctx):
    import torch

    feature = build()

    def full(texts):
        raise torch.OutOfMemoryError

    feature._ready().vectors = full
    with pytest.raises(UnavailableError, match="lower max_length, or choose a smaller model"):
        feature.transform(batch(TEXTS), ctx)


def test_a_card_too_small_for_the_model_says_so(local_models, batch, ctx, monkeypatch):
    import torch

    def full(*args, **kwargs):
        raise torch.OutOfMemoryError

    monkeypatch.setattr("kodkod_embeddings.encoder.SentenceTransformer", full)
    with pytest.raises(UnavailableError, match="too little memory for the model 'model' itself"):
        build().fit(batch(TEXTS), ctx)


RUN = """
import json, sys
from pathlib import Path
import numpy as np, polars as pl
from kodkod.api import InvalidInputError, JobContext, TextBatch
from kodkod_embeddings.params import SentenceEmbeddingsParams
from kodkod_embeddings.sentence import SentenceEmbeddings

class Quiet(JobContext):
    def progress(self, *args, **kwargs): pass
    def log(self, line): pass

what, root = sys.argv[1], Path(sys.argv[2])
texts = json.loads((root / "texts.json").read_text())
batch = TextBatch(np.arange(len(texts)), texts, pl.DataFrame())
feature = SentenceEmbeddings(SentenceEmbeddingsParams(model="some-org/minilm"))
if what == "fetch":
    try:
        SentenceEmbeddings(SentenceEmbeddingsParams(model="no-org/none")).fit(batch, Quiet())
    except InvalidInputError as error:
        (root / "refusal").write_text(error.message)
    feature.fit(batch, Quiet())
    feature.save(root / "saved")
else:
    feature.load(root / "saved")
    # A project elsewhere, to which no version was said, finds it in the cache as well.
    SentenceEmbeddings(SentenceEmbeddingsParams(model="some-org/minilm")).fit(batch, Quiet())
np.save(root / f"{what}.npy", feature.transform(batch, Quiet()))
"""


def test_a_hub_model_is_fetched_once_pinned_and_then_used_offline(
    fitted, batch, ctx, hub, tmp_path
):
    # Given a hub with the model, and an empty cache.
    (tmp_path / "saved").mkdir()
    (tmp_path / "texts.json").write_text(json.dumps(TEXTS))
    environment = {
        name: value for name, value in os.environ.items() if name != "KODKOD_LOCAL_MODELS"
    } | {"HF_HOME": str(tmp_path / "cache"), "HF_ENDPOINT": hub, "HF_HUB_DISABLE_XET": "1"}
    # When one process fetches it, and another loads what was saved without any network.
    for what, offline in (("fetch", "0"), ("again", "1")):
        subprocess.run(
            [sys.executable, "-c", RUN, what, tmp_path],
            env={**environment, "HF_HUB_OFFLINE": offline},
            cwd=tmp_path,
            check=True,
        )
    # Then both compute what the local model does, and the version is on record.
    expected = fitted.transform(batch(TEXTS), ctx)
    for what in ("fetch", "again"):
        np.testing.assert_allclose(np.load(tmp_path / f"{what}.npy"), expected, atol=1e-5)
    saved = json.loads((tmp_path / "saved/encoder.json").read_text())
    revision = "0123456789abcdef" * 2 + "01234567"
    assert saved == {"model": "some-org/minilm", "revision": revision, "window": None}
    assert "check the name" in (tmp_path / "refusal").read_text()
