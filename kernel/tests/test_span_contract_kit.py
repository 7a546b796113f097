"""The contract kit holds models of spans to their promises: each broken one is caught."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from types import ModuleType

import msgspec
import numpy as np
import pytest

from kodkod.api import (
    Cancelled,
    InvalidInputError,
    ModelSpec,
    NoParams,
    Resources,
    Span,
    SpanModel,
    SpanPrediction,
)
from kodkod.testing import Subject, make_training_set
from kodkod.testing.checks import checks_for
from kodkod.testing.checks.span_model import CHECKS
from kodkod.testing.material import LABELS, make_spans

SURE = 0.9


class Remembers(SpanModel[NoParams]):
    """A model that keeps its promises: words that were marked are marked again."""

    def fit(self, data, ctx):
        ctx.progress(0)
        self.labels = data.labels
        self.words = {}
        for text, spans in zip(data.batch.texts, data.values, strict=True):
            self.words |= {text[each.start : each.end]: each.label for each in spans}

    def predict_spans(self, batch, ctx):
        ctx.progress(None)
        spans = [self.spans_of(text) for text in batch.texts]
        proba = np.zeros((len(batch), len(self.labels)), dtype=np.float32)
        for row, found in zip(proba, spans, strict=True):
            for each in found:
                row[self.labels.index(each.label)] = SURE
        return SpanPrediction(
            spans=spans, scores=[[SURE] * len(found) for found in spans], probabilities=proba
        )

    def spans_of(self, text):
        found, end = [], 0
        for word in text.split(" "):
            start, end = end, end + len(word) + 1
            if word in self.words and len(word) < 100:
                found.append(Span(start, start + len(word), self.words[word]))
        return found

    def save(self, folder):
        (folder / "words.json").write_text(json.dumps([self.labels, self.words]))

    def load(self, folder):
        labels, self.words = json.loads((folder / "words.json").read_text())
        self.labels = tuple(labels)


class RunsOut(Remembers):
    def spans_of(self, text):
        return [Span(0, len(text) + 1, self.labels[0])]


class Empty(Remembers):
    def spans_of(self, text):
        return [Span(0, 0, self.labels[0])]


class Unsorted(Remembers):
    def spans_of(self, text):
        return super().spans_of(text)[::-1]


class GuessesTheNew(Remembers):
    def spans_of(self, text):
        return [Span(0, 1, self.labels[-1])] if text else []


class Overlaps(Remembers):
    def spans_of(self, text):
        return [Span(0, i, self.labels[0]) for i in range(1, min(3, len(text) + 1))]


class DoubtsItself(Remembers):
    def predict_spans(self, batch, ctx):
        found = super().predict_spans(batch, ctx)
        return msgspec.structs.replace(found, probabilities=found.probabilities * 0)


class ByNeighbours(Remembers):
    def predict_spans(self, batch, ctx):
        found = super().predict_spans(batch, ctx)
        found.spans[0], found.scores[0] = [], []
        return found


class Forgets(Remembers):
    def load(self, folder):
        super().load(folder)
        self.words = {}


class CrashesWithoutSpans(Remembers):
    def fit(self, data, ctx):
        super().fit(data, ctx)
        max(self.words)


class RefusesWithoutSpans(Remembers):
    def fit(self, data, ctx):
        super().fit(data, ctx)
        if not self.words:
            raise InvalidInputError("No text has a span; mark some.")


class ClearsValues(Remembers):
    def fit(self, data, ctx):
        super().fit(data, ctx)
        data.values[0].clear()


class Swallows(Remembers):
    def predict_spans(self, batch, ctx):
        with suppress(Cancelled):
            ctx.progress(0)
        return super().predict_spans(batch, _Deaf())

    def fit(self, data, ctx):
        super().fit(data, _Deaf())


class _Deaf:
    def progress(self, *args, **metrics):
        pass


def spec_for(cls: type, **more: object) -> ModelSpec:
    return ModelSpec(
        name=cls.__name__.lower(),
        title=cls.__name__,
        summary="For the test",
        factory=f"tested_span_models:{cls.__name__}",
        scheme_types=("span",),
        reads="texts",
        resources=Resources(heavy=True),
        **more,
    )


@pytest.fixture(autouse=True)
def components(monkeypatch):
    """Make the classes of this file importable, as a plugin's are."""
    module = ModuleType("tested_span_models")
    vars(module).update({name: each for name, each in globals().items() if isinstance(each, type)})
    monkeypatch.setitem(sys.modules, "tested_span_models", module)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("model", [Remembers, RefusesWithoutSpans])
def test_a_model_that_keeps_its_promises_passes(check, model, tmp_path):
    spec = spec_for(model)
    assert check in checks_for(spec)
    check(Subject("tested_span_models", spec, {}, tmp_path))


@pytest.mark.parametrize(
    ("model", "check", "said"),
    [
        (RunsOut, "gives_valid_spans", "lies in its text"),
        (Empty, "gives_valid_spans", "lies in its text"),
        (Unsorted, "gives_valid_spans", "ascend"),
        (GuessesTheNew, "gives_valid_spans", "never seen"),
        (Overlaps, "overlaps_only_if_learnt", "overlap"),
        (DoubtsItself, "gives_valid_spans", "greatest score"),
        (ByNeighbours, "each_text_for_itself", "same spans"),
        (Forgets, "save_and_load", "same spans"),
        (CrashesWithoutSpans, "no_spans_at_all", "empty"),
        (ClearsValues, "leaves_its_input_alone", "values alone"),
        (RunsOut, "hostile_texts", "lies in its text"),
        (Swallows, "can_be_cancelled", "lets Cancelled through"),
    ],
)
def test_a_model_that_breaks_a_promise_is_caught(model, check, said, tmp_path):
    (found,) = [each for each in CHECKS if each.__name__ == check]
    with pytest.raises((AssertionError, ValueError), match=said):
        found(Subject("tested_span_models", spec_for(model), {}, tmp_path))


def test_a_model_of_spans_alone_is_not_asked_for_a_table_and_one_of_both_is():
    names = {each.__name__ for each in checks_for(spec_for(Remembers))}
    assert "gives_valid_spans" in names
    assert "gives_probabilities" not in names
    both = msgspec.structs.replace(spec_for(Remembers), scheme_types=("multilabel", "span"))
    assert {"gives_valid_spans", "gives_probabilities"} <= {
        each.__name__ for each in checks_for(both)
    }


def test_the_material_has_spans_that_can_be_learnt():
    data = make_training_set(90, "span", texts=True)

    assert data.values == make_spans(data.batch.texts)
    assert data.targets[:, :3].any(axis=0).all()
    assert not data.targets[:, 3].any()
    marked = {
        (text[span.start : span.end], span.label)
        for text, spans in zip(data.batch.texts, data.values, strict=True)
        for span in spans
    }
    assert len(marked) == 12
    assert {label for _, label in marked} == set(LABELS[:3])
