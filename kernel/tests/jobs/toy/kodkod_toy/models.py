"""Small models that read texts: exact, deterministic, and quick to fit."""

import json
import os
import time
from pathlib import Path

import numpy as np

from kodkod.api import (
    Exportable,
    InvalidInputError,
    Model,
    ModelNotes,
    Span,
    SpanModel,
    SpanPrediction,
)

STEPS = 3


class Words(Model, Exportable):
    """A label is on a text by the share of its words that texts with the label have more often."""

    def fit(self, data, ctx):
        if self.params.slope == 0:
            raise InvalidInputError("A slope of 0 tells nothing apart; give another.")
        if self.params.trace:
            with Path(self.params.trace).open("a") as trace:
                trace.write(f"fit {len(data.batch)} {os.getpid()}\n")
        self.many = data.targets.ndim == 2
        table = data.targets
        if not self.many:
            table = np.eye(len(data.labels))[data.targets]
        self.labels = list(data.labels)
        words = [set(text.split()) for text in data.batch.texts]
        self.weights = [self._weights(words, column > 0) for column in table.T]
        for step in range(STEPS):
            ctx.progress(step / STEPS, "learning words", step=step + 1, loss=1 / (step + 1))

    def _weights(self, words, has):
        inside = [each for each, it in zip(words, has, strict=True) if it]
        outside = [each for each, it in zip(words, has, strict=True) if not it]
        known = sorted(set().union(*words))

        def share(word, texts):
            return sum(word in text for text in texts) / max(len(texts), 1)

        return {word: share(word, inside) - share(word, outside) for word in known}

    def predict_proba(self, batch, features, ctx):
        ctx.progress(0.0, "reading words")
        totals = np.array(
            [
                [sum(w.get(word, 0.0) for word in text.split()) for w in self.weights]
                for text in batch.texts
            ]
        ).reshape(len(batch), len(self.weights))
        if self.many:
            return (1 / (1 + np.exp(-self.params.slope * totals))).astype(np.float32)
        raised = np.exp(self.params.slope * (totals - totals.max(axis=1, keepdims=True)))
        return (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)

    def thresholds(self):
        if self.params.threshold is None or not self.many:
            return None
        return np.full(len(self.weights), self.params.threshold, dtype=np.float32)

    def save(self, folder):
        stored = {"weights": self.weights, "many": self.many, "labels": self.labels}
        (folder / "words.json").write_text(json.dumps(stored))

    def load(self, folder):
        stored = json.loads((folder / "words.json").read_text())
        self.weights, self.many, self.labels = (stored[n] for n in ("weights", "many", "labels"))

    def export(self, folder, form, labels, ctx):
        config = {"id2label": dict(enumerate(labels)), "form": form}
        (folder / "config.json").write_text(json.dumps(config))
        (folder / "model.safetensors").write_bytes(json.dumps(self.weights).encode())
        return ModelNotes(usage="load('.')", library="toys", pipeline="text-classification")


class WeighedWords(Words):
    """Writes into its trace how much each text counts."""

    def fit(self, data, ctx):
        super().fit(data, ctx)
        weights = [1.0] * len(data.batch) if data.weights is None else data.weights.tolist()
        lines = zip(data.batch.rows.tolist(), weights, strict=True)
        Path(self.params.trace).write_text(json.dumps(dict(lines)))


class GatedWords(Words):
    """From its second part on, predicts no further than `gate` lets it."""

    parts = 0

    def predict_proba(self, batch, features, ctx):
        self.parts += 1
        with Path(self.params.trace).open("a") as trace:
            trace.write(f"predict {batch.rows[0]} {batch.rows[-1]} {os.getpid()}\n")
        while self.parts > 1 and not Path(self.params.gate).exists():
            ctx.progress(None, "waiting")
            time.sleep(0.01)
        return super().predict_proba(batch, features, ctx)


class Keeper(Words):
    """Leaves a checkpoint of its fit, waits, and says whether it found one."""

    def fit(self, data, ctx):
        found = sorted(path.name for path in ctx.checkpoints.glob("step-*"))
        with Path(self.params.trace).open("a") as trace:
            trace.write(f"{os.getpid()} {' '.join(found)}\n")
        (ctx.checkpoints / f"step-{len(found) + 1}").write_text("kept")
        while not found and not Path(self.params.gate).exists():
            ctx.progress(None, "waiting", step=1.0, loss=0.5)
            time.sleep(0.01)
        super().fit(data, ctx)


class Marker(SpanModel):
    """Marks the strings that were marked in training, wherever they stand."""

    def fit(self, data, ctx):
        self.labels = list(data.labels)
        self.known = {}
        for text, value in zip(data.batch.texts, data.values, strict=True):
            for span in value:
                self.known[text[span.start : span.end]] = span.label

    def predict_spans(self, batch, ctx):
        spans = [sorted(self._found(text)) for text in batch.texts]
        table = [
            [float(any(s.label == name for s in each)) for name in self.labels] for each in spans
        ]
        return SpanPrediction(
            spans=spans,
            scores=[[0.75] * len(each) for each in spans],
            probabilities=np.array(table, dtype=np.float32).reshape(len(spans), len(self.labels)),
        )

    def _found(self, text):
        for word, label in self.known.items():
            start = text.find(word)
            while start >= 0:
                yield Span(start, start + len(word), label)
                start = text.find(word, start + 1)

    def save(self, folder):
        stored = {"known": self.known, "labels": self.labels}
        (folder / "marks.json").write_text(json.dumps(stored))

    def load(self, folder):
        stored = json.loads((folder / "marks.json").read_text())
        self.known, self.labels = stored["known"], stored["labels"]
