"""What fine-tuning an encoder costs, against the Hugging Face Trainer at its defaults.

    python tests/benchmarks/fine_tuning.py [--texts 400] [--epochs 2] [--repeats 2] [--json FILE]

The same weights (all-MiniLM-L6-v2), texts of mixed length, batch size (8, the Trainer's default),
epochs, hence steps, learning rate and schedule. Both read as many tokens of a text. Accuracy is on
texts that neither has seen. Runs alternate, so that both meet the same neighbours; the ratio is of
the sums; the processor's seconds care less for busy neighbours. Needs accelerate.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from mixed_texts import minilm_folder, mixed_texts, report

LENGTH = 256
RATE = 5e-5
BATCH = 8


def ours(texts: list[str], topics: list[int], test: list[str], epochs: int) -> dict[str, Any]:
    """Fine-tune by the product's own model; the time is that of `fit`, loading included."""
    from kodkod.api import TrainingSet
    from kodkod.testing import RecordingContext, make_batch
    from kodkod_transformers.encoder import Encoder
    from kodkod_transformers.encoder_params import EncoderParams

    folder = minilm_folder()
    os.environ["KODKOD_LOCAL_MODELS"] = str(folder.parent)
    params = EncoderParams(
        model=folder.name,
        epochs=epochs,
        batch_size=BATCH,
        learning_rate=RATE,
        warm_up=0.0,
        weight_decay=0.0,
        held_out=0.0,
        max_length=LENGTH,
        patience=0,
    )
    data = TrainingSet(
        batch=make_batch(texts),
        features=None,
        targets=np.array(topics, dtype=np.int64),
        labels=("economy", "sport", "weather"),
        seed=1,
    )
    with tempfile.TemporaryDirectory() as scratch:
        ctx, encoder = RecordingContext(Path(scratch)), Encoder(params)
        began, cpu = time.perf_counter(), time.process_time()
        encoder.fit(data, ctx)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        steps = max(int(r.metrics["step"]) for r in ctx.reports if "step" in r.metrics)
        chosen = encoder.predict_proba(make_batch(test), None, ctx).argmax(axis=1)
    return {"seconds": seconds, "cpu_seconds": cpu, "steps": steps, "chosen": chosen}


def trainer(texts: list[str], topics: list[int], test: list[str], epochs: int) -> dict[str, Any]:
    """Fine-tune by transformers' Trainer as its guide does; the time is of the same work."""
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        DataCollatorWithPadding,
        Trainer,
        TrainingArguments,
    )

    folder = minilm_folder()
    with tempfile.TemporaryDirectory() as scratch:
        began, cpu = time.perf_counter(), time.process_time()
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model: Any = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=3)

        def rows(given: list[str], labels: list[int]) -> list[dict[str, Any]]:
            # The weights come with padding to 128 tokens set; the guide pads in the collator.
            ids = tokenizer(given, truncation=True, max_length=LENGTH, padding=False)["input_ids"]
            return [{"input_ids": i, "labels": y} for i, y in zip(ids, labels, strict=True)]

        arguments = TrainingArguments(
            output_dir=scratch,
            num_train_epochs=epochs,
            per_device_train_batch_size=BATCH,
            learning_rate=RATE,
            report_to=[],
            save_strategy="no",
            disable_tqdm=True,
            logging_strategy="no",
            seed=1,
        )
        run = Trainer(
            model=model,
            args=arguments,
            train_dataset=rows(texts, topics),  # pyright: ignore[reportArgumentType]
            data_collator=DataCollatorWithPadding(tokenizer),
        )
        run.train()
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        said: Any = run.predict(rows(test, [0] * len(test)))  # pyright: ignore[reportArgumentType]
    return {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "steps": run.state.global_step,
        "chosen": said.predictions.argmax(axis=1),
    }


def main() -> None:
    """Run both in turn and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--json", type=Path, default=None)
    given = parser.parse_args()
    texts, topics = mixed_texts(given.texts, seed=1)
    test, truth = mixed_texts(300, seed=2)
    warm = texts[:16], topics[:16], test[:4], 1
    ours(*warm)
    trainer(*warm)
    found: dict[str, list[dict[str, Any]]] = {"kodkod": [], "trainer": []}
    for _ in range(given.repeats):
        for name, run in (("kodkod", ours), ("trainer", trainer)):
            found[name].append(run(texts, topics, test, given.epochs))
    rows = [
        {
            "what": name,
            "seconds": sum(each["seconds"] for each in runs) / len(runs),
            "cpu_seconds": sum(each["cpu_seconds"] for each in runs) / len(runs),
            "steps": runs[0]["steps"],
            "accuracy": float(np.mean([(each["chosen"] == truth).mean() for each in runs])),
        }
        for name, runs in found.items()
    ]
    ratio = rows[1]["seconds"] / rows[0]["seconds"]
    by_cpu = rows[1]["cpu_seconds"] / rows[0]["cpu_seconds"]
    title = f"Fine-tuning on {given.texts} texts of mixed length: {ratio:.2f} times as fast"
    about = {"texts": given.texts, "epochs": given.epochs, "ratio": ratio, "ratio_by_cpu": by_cpu}
    report(title, rows, about, given.json)


if __name__ == "__main__":
    main()
