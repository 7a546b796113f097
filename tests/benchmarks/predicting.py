"""What predicting a corpus costs, against transformers' own pipeline.

    python tests/benchmarks/predicting.py [--texts 100000] [--batch-sizes 1 32] [--json FILE]
    python tests/benchmarks/predicting.py --tokens-per-second [--texts 200000]

A classifier on all-MiniLM-L6-v2 predicts texts of mixed length, most short, some of 300 words, cut
at 256 tokens: by the product, and by `pipeline("text-classification")`, a text at a time (its
default) and 32 at a time. The pipeline gets a random sample of the texts (`--share`), because it
takes long; runs alternate, and ratios are of texts a second. Probabilities are compared.

`--tokens-per-second` predicts with a model of ModernBERT-base's shape (random weights), on a card
in bfloat16.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from mixed_texts import minilm_folder, mixed_texts, report

from kodkod.testing import RecordingContext, make_batch
from kodkod_transformers.classifier_files import Learnt, write_classifier
from kodkod_transformers.encoder import Encoder
from kodkod_transformers.encoder_params import EncoderParams
from kodkod_transformers.labels import LabelColumns

LENGTH = 256
LABELS = ("economy", "sport", "weather")


class Clock:
    """Seconds of the wall and of the processor; the latter care less for busy neighbours."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        self.wall = self.cpu = 0.0

    def stop(self) -> Clock:
        """Keep what went by."""
        self.wall, self.cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return self


def classifier(folder: Path, *, large: bool = False) -> Encoder:
    """Return a loaded model with a new head."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, ModernBertConfig

    torch.manual_seed(3)
    tokenizer = AutoTokenizer.from_pretrained(minilm_folder())
    if large:
        config: Any = ModernBertConfig(pad_token_id=tokenizer.pad_token_id)
        config.num_labels = 3
        model: Any = AutoModelForSequenceClassification.from_config(config)
    else:
        model = AutoModelForSequenceClassification.from_pretrained(minilm_folder(), num_labels=3)
    columns = LabelColumns(labels=LABELS, seen=(0, 1, 2), several=False)
    learnt = Learnt(columns=columns, max_length=LENGTH, base="", commit=None)
    write_classifier(folder, model, tokenizer, learnt)
    encoder = Encoder(EncoderParams(batch_tokens=65_536 if large else 8_192))
    encoder.load(folder)
    return encoder


def ours(encoder: Encoder, texts: list[str], scratch: Path) -> tuple[Clock, np.ndarray]:
    """Return what it took, and probabilities."""
    batch, ctx, clock = make_batch(texts), RecordingContext(scratch), Clock()
    proba = encoder.predict_proba(batch, None, ctx)
    return clock.stop(), proba


def piped(run: Any, texts: list[str], size: int) -> tuple[Clock, np.ndarray]:
    """Return what it took, and probabilities."""
    clock = Clock()
    said = run(texts, batch_size=size, truncation=True, padding=True)
    clock.stop()
    rows = [{each["label"]: each["score"] for each in scores} for scores in said]
    return clock, np.array([[row[label] for label in LABELS] for row in rows])


def compare(given: argparse.Namespace, scratch: Path) -> None:
    """Predict by both, in turn, and print what they took."""
    from transformers import pipeline

    (scratch / "model").mkdir()
    encoder = classifier(scratch / "model")
    run = pipeline("text-classification", model=str(scratch / "model"), top_k=None)
    texts, _ = mixed_texts(given.texts, seed=1)
    places = np.random.default_rng(2).permutation(len(texts))[: round(given.share * len(texts))]
    ours(encoder, texts[:64], scratch)
    piped(run, texts[:16], 1)
    clocks: dict[int, list[Clock]] = {0: []} | {size: [] for size in given.batch_sizes}
    done, gap = 0, 0.0
    for part in np.array_split(places, given.repeats):
        clock, proba = ours(encoder, texts, scratch)
        clocks[0].append(clock)
        done += len(part)
        for size in given.batch_sizes:
            clock, expected = piped(run, [texts[i] for i in part], size)
            clocks[size].append(clock)
            gap = max(gap, float(np.abs(proba[part] - expected).max()))
    rows: list[dict[str, Any]] = []
    for size, each in clocks.items():
        n = done if size else given.texts * given.repeats
        rows.append(
            {
                "what": f"pipeline, {size} at a time" if size else "kodkod",
                "texts": n,
                "texts_per_second": n / sum(clock.wall for clock in each),
                "cpu_ms_per_text": 1_000 * sum(clock.cpu for clock in each) / n,
            }
        )
    for row in rows:
        row["kodkod_is_so_many_times_as_fast"] = (
            rows[0]["texts_per_second"] / row["texts_per_second"]
        )
        row["by_cpu"] = row["cpu_ms_per_text"] / rows[0]["cpu_ms_per_text"]
    report("Predicting texts of mixed length", rows, {"greatest_difference": gap}, given.json)


def tokens_per_second(given: argparse.Namespace, scratch: Path) -> None:
    """Predict with a model of ModernBERT-base's shape and print the tokens of a second."""
    (scratch / "model").mkdir()
    encoder = classifier(scratch / "model", large=True)
    texts, _ = mixed_texts(given.texts, seed=1)
    counted = encoder._tokenizer(texts, truncation=True, max_length=LENGTH)["input_ids"]
    tokens = sum(map(len, counted))
    ours(encoder, texts[:2_000], scratch)
    clock, _ = ours(encoder, texts, scratch)
    rows = [{"what": "ModernBERT-base's shape", "tokens_per_second": tokens / clock.wall}]
    report("Tokens a second", rows, {"texts": given.texts, "tokens": tokens}, given.json)


def main() -> None:
    """Run the comparison, or on a card count tokens."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[1, 32])
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--tokens-per-second", action="store_true")
    parser.add_argument("--json", type=Path, default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        run = tokens_per_second if given.tokens_per_second else compare
        run(given, Path(scratch))


if __name__ == "__main__":
    main()
