import json
import os
import time
from pathlib import Path

import numpy as np
import polars as pl
from msgspec import Struct

from kodkod.api import (
    Feature,
    Importer,
    ImportProblemError,
    InvalidInputError,
    InvalidValueError,
    Job,
    Metric,
    Model,
    SchemeType,
    Score,
    ScoreReport,
)


class Total(Struct):
    total: int


class Sum(Job):
    def run(self, ctx):
        numbers = self.params.numbers
        for i, number in enumerate(numbers):
            ctx.progress(i / len(numbers), f"adding {number}", last=number)
            ctx.log(f"added {number}")
        return Total(sum(numbers))


class Fail(Job):
    def run(self, ctx):
        if self.params.deliberate:
            raise InvalidInputError("The corpus has no texts; add some.")
        raise ValueError("boom")


class Wait(Job):
    def run(self, ctx):
        with Path(self.params.trace).open("a") as trace:
            trace.write(f"{os.getpid()}\n")
        while not Path(self.params.gate).exists():
            ctx.progress(0.5, "waiting")
            time.sleep(0.01)
        return Total(1)


class GpuWait(Job):
    def run(self, ctx):
        with Path(self.params.trace).open("a") as trace:
            trace.write(f"{os.environ['CUDA_VISIBLE_DEVICES']} {os.getpid()}\n")
        while not Path(self.params.gate).exists():
            ctx.progress(0.5, "computing")
            time.sleep(0.01)
        return Total(1)


class Stubborn(Job):
    def run(self, ctx):
        with Path(self.params.trace).open("a") as trace:
            trace.write(f"{os.getpid()}\n")
        while not Path(self.params.gate).exists():
            time.sleep(0.01)


class Lines(Importer):
    def read(self, path):
        lines = path.read_text().splitlines()
        if not lines:
            raise ImportProblemError("The file is empty; choose another.")
        return pl.DataFrame({"line": lines})


class Choice(SchemeType):
    def validate(self, value, labels, text):
        if value not in labels:
            raise InvalidValueError(f"{value!r} is no label")
        return value

    def labels_of(self, value):
        return [value]

    def map_labels(self, value, mapping):
        return mapping(value)

    def encode(self, values, labels):
        return np.array([labels.index(value) for value in values], dtype=np.int64)

    def decode(self, probabilities, labels):
        return [labels[i] for i in probabilities.argmax(axis=1)]


class Lengths(Feature):
    def fit(self, batch, ctx):
        self.mean = float(np.mean([len(text) for text in batch.texts]))

    def transform(self, batch, ctx):
        if self.params.trace:
            with Path(self.params.trace).open("a") as trace:
                trace.writelines(f"{row} {os.getpid()}\n" for row in batch.rows)
        # Past the first batch, it goes on once the gate is open.
        while self.params.gate and batch.rows[0] and not Path(self.params.gate).exists():
            ctx.progress(0.5, "waiting")
            time.sleep(0.01)
        found = np.array([[len(text) - self.mean, 1.0] for text in batch.texts])
        return found.astype(np.float32)

    def save(self, folder):
        (folder / "mean.json").write_text(json.dumps(self.mean))

    def load(self, folder):
        self.mean = json.loads((folder / "mean.json").read_text())


class HeavyLengths(Lengths):
    pass


class Letters(Feature):
    def fit(self, batch, ctx):
        pass

    def transform(self, batch, ctx):
        from scipy.sparse import csr_matrix

        counts = [[text.count(letter) for letter in "abcde"] for text in batch.texts]
        return csr_matrix(np.array(counts, dtype=np.float32))

    def save(self, folder):
        pass

    def load(self, folder):
        pass


class Centroid(Model):
    def fit(self, data, ctx):
        features = self.inputs(data.batch, data.features)
        self.n_labels = len(data.labels)
        self.means = np.full((self.n_labels, features.shape[1]), np.inf)
        for label in np.unique(data.targets):
            self.means[label] = features[data.targets == label].mean(axis=0)

    def predict_proba(self, batch, features, ctx):
        features = self.inputs(batch, features)
        with np.errstate(invalid="ignore"):
            far = np.abs(features[:, None, :] - self.means[None]).sum(axis=2)
        weights = np.exp(-(far - far.min(axis=1, keepdims=True)))
        return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)

    def inputs(self, batch, features):
        return np.asarray(features)

    def save(self, folder):
        np.save(folder / "means.npy", self.means)

    def load(self, folder):
        self.means = np.load(folder / "means.npy")


class ByLength(Centroid):
    def inputs(self, batch, features):
        assert features is None
        return np.array([[float(len(text))] for text in batch.texts])


class Share(Metric):
    def score(self, compared, rng):
        right = float((compared.probabilities.argmax(axis=1) == compared.reference).mean())
        return ScoreReport(
            n=len(compared), labels=list(compared.labels), overall={"accuracy": Score(value=right)}
        )
