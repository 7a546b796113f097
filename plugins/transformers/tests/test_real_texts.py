"""Real weights learn real texts."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from corpora import shared_file
from kodkod.api import TrainingSet
from kodkod.testing import RecordingContext, make_batch
from kodkod_transformers.encoder import Encoder
from kodkod_transformers.encoder_params import EncoderParams
from kodkod_transformers.few_shot import FewShot
from kodkod_transformers.few_shot_params import FewShotParams

LABELS = ("Business", "Sci/Tech", "Sports", "World")


@pytest.fixture(autouse=True)
def weights(minilm: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name that params give the real weights."""
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(minilm.parent))
    return minilm.name


def news(first: int, per_label: int) -> TrainingSet:
    """The same number of texts of each label, headlines only, from the `first` of each on."""
    frame = pl.read_parquet(shared_file("ag_news.parquet")).sort("id")
    parts = [frame.filter(pl.col("label") == label)[first : first + per_label] for label in LABELS]
    frame = pl.concat(parts)
    return TrainingSet(
        batch=make_batch(frame["title"].to_list()),
        features=None,
        targets=np.array([LABELS.index(label) for label in frame["label"]], dtype=np.int64),
        labels=LABELS,
        seed=5,
    )


def accuracy(model: Encoder | FewShot, ctx: RecordingContext) -> float:
    test = news(1_000, 50)
    proba = model.predict_proba(test.batch, None, ctx)
    return float((proba.argmax(axis=1) == test.targets).mean())


def test_fine_tuning_on_200_headlines_is_far_above_the_majority(weights, ctx):
    encoder = Encoder(EncoderParams(model=weights, epochs=3, learning_rate=2e-4, patience=0))

    encoder.fit(news(0, 50), ctx)

    assert accuracy(encoder, ctx) > 0.7


def test_eight_headlines_a_label_are_enough_for_few_shot(weights, ctx):
    data = news(0, 8)
    several = msgspec.structs.replace(data, targets=np.eye(4, dtype=np.uint8)[data.targets])
    model = FewShot(FewShotParams(model=weights, pairs=4))
    plain = FewShot(FewShotParams(model=weights, pairs=0))

    model.fit(data, ctx)
    plain.fit(several, ctx)

    assert accuracy(model, ctx) > 0.6
    assert accuracy(plain, ctx) > 0.5
