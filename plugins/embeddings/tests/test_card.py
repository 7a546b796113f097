"""On a real graphics card: the embeddings compute there, and take less than was estimated."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from kodkod.api import decode_params
from kodkod_embeddings.need import embedding_mb
from kodkod_embeddings.params import SentenceEmbeddingsParams

RUN = """
import json, sys
import numpy as np, polars as pl, torch
from kodkod.api import JobContext, TextBatch, decode_params, free_gpu_cache
from kodkod.jobs.cards import read_cards
from kodkod_embeddings.params import SentenceEmbeddingsParams
from kodkod_embeddings.sentence import SentenceEmbeddings

class Loud(JobContext):
    lines = []
    def progress(self, *args, **kwargs): pass
    def log(self, line): self.lines.append(line)

def free_mb():
    uuid = f"GPU-{torch.cuda.get_device_properties(0).uuid}"
    return next(card.free_mb for card in read_cards() if card.uuid == uuid)

raw, limit, out = json.loads(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
# Before torch takes its context, which is part of what a job takes.
before = free_mb()
if limit:
    torch.cuda.set_per_process_memory_fraction(limit)
texts = ["word " * 400] * 40 + ["a short text"] * 400
batch = TextBatch(np.arange(len(texts)), texts, pl.DataFrame())
feature, ctx = SentenceEmbeddings(decode_params(SentenceEmbeddingsParams, raw)), Loud()
feature.fit(batch, ctx)
np.save(out, feature.transform(batch, ctx))
taken, reserved = before - free_mb(), torch.cuda.max_memory_reserved()
del feature
free_gpu_cache()
print(json.dumps({"taken_mb": taken, "reserved": reserved, "lines": ctx.lines,
                  "left": torch.cuda.memory_reserved()}))
"""


@pytest.fixture(scope="module", autouse=True)
def _card():
    """Skip without a card; what is computed on the processor is tested elsewhere."""
    import torch

    if not torch.cuda.is_available():
        pytest.skip("there is no graphics card here, or torch is built without CUDA")


@pytest.fixture
def run(local_models, tmp_path):
    """Embed texts in a process of its own; return what it said of the card, and the vectors."""

    def run(*, limit=0.0, **raw):
        out = tmp_path / "vectors.npy"
        arguments = [json.dumps({"model": "model", **raw}), str(limit), str(out)]
        done = subprocess.run(
            [sys.executable, "-c", RUN, *arguments], stdout=subprocess.PIPE, check=True
        )
        return json.loads(done.stdout.splitlines()[-1]), np.load(out)

    return run


@pytest.mark.parametrize("batch_tokens", [4_096, 65_536])
def test_the_estimate_is_above_the_measured_peak(run, batch_tokens):
    said, _ = run(batch_tokens=batch_tokens)

    given = decode_params(
        SentenceEmbeddingsParams, {"model": "model", "batch_tokens": batch_tokens}
    )
    # Measured on the whole card: other programs that come and go meanwhile would show.
    assert said["reserved"] / 2**20 < said["taken_mb"] < embedding_mb(given)
    assert "on cuda" in said["lines"][0]


def test_the_cache_is_given_back(run):
    said, _ = run()
    assert said["left"] < said["reserved"]


def test_a_card_that_is_too_small_for_the_batch_halves_it(run):
    import torch

    # Given as much of the card as the weights and a small batch take.
    total = torch.cuda.get_device_properties(0).total_memory
    said, vectors = run(limit=300 * 2**20 / total, batch_tokens=262_144)
    _, expected = run()

    assert any("did not fit into memory; halved" in line for line in said["lines"])
    np.testing.assert_allclose(vectors, expected, atol=0.03)
