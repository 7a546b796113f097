"""Means of word vectors from real files, and what is said of files that are not right."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from kodkod.api import InvalidInputError, decode_params
from kodkod_embeddings.params import StaticVectorsParams
from kodkod_embeddings.static import StaticVectors

WORDS = {"cat": [1, 0], "dog": [0, 2], "The": [3, 3], "the": [5, 5], "don't": [0, 1]}
LINES = "".join(f"{word} {x} {y}\n" for word, (x, y) in WORDS.items())


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(folder))
    return folder


def feature(name: str, **more) -> StaticVectors:
    return StaticVectors(decode_params(StaticVectorsParams, {"vectors": name, **more}))


def model2vec(folder: Path, **parts) -> None:
    folder.mkdir()
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "cat": 1, "dog": 2}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    vectors = np.array([[9, 9], [1, 0], [0, 2]], dtype=np.float32)
    save_file({"embeddings": vectors} | parts, folder / "model.safetensors")


@pytest.mark.parametrize("head", ["", "5 2\n"], ids=["glove", "fasttext"])
@pytest.mark.parametrize("ending", ["vec", "txt", "vec.gz"])
def test_a_text_is_the_mean_of_the_words_that_are_known(root, batch, ctx, head, ending):
    data = (head + LINES).encode()
    (root / f"w.{ending}").write_bytes(gzip.compress(data) if ending.endswith("gz") else data)
    made = feature(f"w.{ending}", normalise=False)
    made.fit(batch(["cat bird"]), ctx)
    assert "5 entries of 2 dimensions; 50% of the words" in ctx.lines[0]

    found = made.transform(batch(["Cat, cat. dog!", "The the", "don't", "bird", ""]), ctx)

    # As it is written first, then in lower case; a word counts as often as it occurs.
    np.testing.assert_allclose(found, [[2 / 3, 2 / 3], [4, 4], [0, 1], [0, 0], [0, 0]], rtol=1e-6)
    lengths = np.linalg.norm(feature(f"w.{ending}").transform(batch(["cat dog", ""]), ctx), axis=1)
    np.testing.assert_allclose(lengths, [1, 0], rtol=1e-6)


def test_only_so_many_words_are_read(root, batch, ctx):
    (root / "w.vec").write_text(LINES)
    found = feature("w.vec", most_words=1, normalise=False).transform(batch(["cat dog"]), ctx)
    assert found.tolist() == [[1, 0]]


def test_model2vec(root, batch, ctx):
    model2vec(root / "plain")
    found = feature("plain", normalise=False).transform(batch(["Cat dog bird", "bird", ""]), ctx)
    assert found.tolist() == [[0.5, 1], [0, 0], [0, 0]]

    model2vec(
        root / "shared",
        mapping=np.array([0, 2, 2]),
        weights=np.array([1, 0.5, 1], dtype=np.float32),
    )
    found = feature("shared", normalise=False).transform(batch(["cat", "cat dog"]), ctx)
    np.testing.assert_allclose(found, [[0, 1], [0, 1.5]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no word vectors"),
        ("cat 1 2\ndog 1\n", "Line 2 of w.vec has 1 numbers"),
        ("cat 1 x\n", "Line 1 of w.vec is no word with its numbers"),
        ("cat nan 1\n", "not finite"),
        ("cat\n", "has 0 numbers"),
    ],
)
def test_a_damaged_file_is_said_with_its_line(root, batch, ctx, text, said):
    (root / "w.vec").write_text(text)
    with pytest.raises(InvalidInputError, match=said):
        feature("w.vec").fit(batch(["a"]), ctx)


def test_a_cut_archive_and_a_damaged_folder_are_said(root, batch, ctx):
    (root / "w.vec.gz").write_bytes(gzip.compress(LINES.encode() * 1000)[:-20])
    with pytest.raises(InvalidInputError, match=r"w.vec.gz cannot be read"):
        feature("w.vec.gz").fit(batch(["a"]), ctx)
    model2vec(root / "short", mapping=np.array([0]))
    with pytest.raises(InvalidInputError, match="3 tokens and 1 vectors"):
        feature("short").fit(batch(["a"]), ctx)
    (root / "short" / "model.safetensors").write_bytes(b"x")
    with pytest.raises(InvalidInputError, match="short cannot be read"):
        feature("short").fit(batch(["a"]), ctx)


@pytest.mark.parametrize("name", ["../w.vec", "/etc/passwd", "nowhere.vec", "w.bin", "a\0.vec"])
def test_what_is_not_below_an_allowed_folder_is_refused(root, batch, ctx, name):
    (root.parent / "w.vec").write_text(LINES)
    (root / "w.bin").write_text(LINES)
    with pytest.raises(InvalidInputError, match="ask the administrator"):
        feature(name).fit(batch(["a"]), ctx)


def test_vectors_that_were_exchanged_are_not_used(root, batch, ctx, tmp_path):
    (root / "w.vec").write_text(LINES)
    made = feature("w.vec")
    made.fit(batch(["cat"]), ctx)
    made.save(tmp_path)
    (root / "w.vec").write_text(LINES.replace("1 0", "1 1"))
    again = feature("w.vec")
    again.load(tmp_path)
    with pytest.raises(InvalidInputError, match="no longer those"):
        again.transform(batch(["cat"]), ctx)
