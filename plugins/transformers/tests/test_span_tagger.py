"""The span tagger learns, on tiny checkpoints and on tweets, and says where exactly."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from corpora import shared_file
from kodkod.api import InvalidInputError, Span, TrainingSet, UnavailableError
from kodkod.testing import RecordingContext, make_batch, make_texts, make_training_set
from kodkod.testing.material import make_spans, span_targets
from kodkod_transformers.span_params import SpanTaggerParams
from kodkod_transformers.span_tagger import SpanTagger
from kodkod_transformers.span_task import span_f1

pytestmark = pytest.mark.usefixtures("local_models")

NEW = make_texts(30, seed=2)
DATA = make_training_set(90, "span", texts=True)


def params(**given: object) -> SpanTaggerParams:
    usual = {"model": "tiny-modernbert", "epochs": 4, "learning_rate": 5e-3, "patience": 0}
    return SpanTaggerParams(**(usual | given))


def fitted(data: TrainingSet, folder: Path, **given: object) -> tuple[SpanTagger, RecordingContext]:
    ctx = RecordingContext(folder, seed=7)
    tagger = SpanTagger(params(**given))
    tagger.fit(data, ctx)
    return tagger, ctx


def valued(values: list[list[Span]]) -> TrainingSet:
    return replace(DATA, values=values, targets=span_targets(values))


@pytest.fixture(scope="module")
def tagger(tiny_models: Path, tmp_path_factory: pytest.TempPathFactory) -> SpanTagger:
    """A tagger whose window is shorter than most texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KODKOD_LOCAL_MODELS", str(tiny_models))
        return fitted(DATA, tmp_path_factory.mktemp("tagger"), max_length=14)[0]


def test_it_marks_the_words_that_were_marked(tagger, ctx):
    found = tagger.predict_spans(make_batch(NEW), ctx)

    assert span_f1(make_spans(NEW), found.spans) > 0.9
    for spans, scores, row in zip(found.spans, found.scores, found.probabilities, strict=True):
        for i, label in enumerate(DATA.labels):
            mine = [s for span, s in zip(spans, scores, strict=True) if span.label == label]
            assert row[i] == pytest.approx(max(mine)) if mine else row[i] < 0.5


def test_a_text_much_longer_than_the_window_is_read_to_its_end(tagger, ctx):
    text = " ".join(make_texts(300, seed=4))
    found = tagger.predict_spans(make_batch([text, NEW[0], ""]), ctx)

    assert span_f1(make_spans([text]), found.spans[:1]) > 0.9
    assert found.spans[0][-1].end > len(text) - 200
    assert found.spans[1] == tagger.predict_spans(make_batch(NEW[:1]), ctx).spans[0]
    assert found.spans[2] == []


@pytest.mark.parametrize(
    "before", ["", "the\r\n", "👩\u200d👩\u200d👧 ", "שלום ", "e\u0301a, ", "\t ("]
)
def test_spans_are_where_their_words_are(tagger, ctx, before):
    text = f"{before}bank of the goal"
    (spans,) = tagger.predict_spans(make_batch([text]), ctx).spans

    for span in spans:
        assert not text[span.start : span.end].isspace()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
    assert {"bank", "goal"} & {text[span.start : span.end] for span in spans}


def test_labels_that_overlap_get_layers(tmp_path, ctx):
    values = [
        [*spans, *(Span(each.start, each.end, "weather") for each in spans[:9:1])]
        for spans in ([each for each in spans if each.label == "economy"] for spans in DATA.values)
    ]
    tagger, said = fitted(valued([sorted(each) for each in values]), tmp_path)
    found = tagger.predict_spans(make_batch(NEW), ctx)
    saved = tmp_path / "saved"
    saved.mkdir()
    tagger.save(saved)
    again = SpanTagger(params())
    again.load(saved)

    assert any("a layer each" in line for line in said.lines)
    marked = {(each.start, each.end) for spans in found.spans for each in spans}
    assert {each.label for spans in found.spans for each in spans} == {"economy", "weather"}
    assert sum(map(len, found.spans)) > 1.5 * len(marked) > 0
    assert again.predict_spans(make_batch(NEW), ctx).spans == found.spans
    assert (found.probabilities[:, 1] == 0).all()


def test_spans_inside_words_are_learnt_inside_words(tmp_path, ctx):
    values = [[Span(each.start, each.start + 1, "economy") for each in v] for v in DATA.values]
    _, said = fitted(valued(values), tmp_path, epochs=1, model="tiny-deberta")
    assert any("begin and end at characters" in line for line in said.lines)


def test_spans_of_one_label_that_overlap_are_told(tmp_path):
    values = [[*spans, Span(0, len(text), "sport")] for spans, text in _pairs()]
    values = [sorted(each) for each in values]
    only_sport = [[replace(each, label="sport") for each in spans] for spans in values]
    _, said = fitted(valued(only_sport), tmp_path, epochs=1)
    left_out = sum(map(len, DATA.values))
    assert any(line.startswith(f"{left_out} of them are not learnt") for line in said.lines)


def test_what_cannot_be_learnt_is_refused(tmp_path):
    for data, said in (
        (valued([[] for _ in DATA.values]), "No text has a span"),
        (make_training_set(30, "multilabel", texts=True), "whose values are spans"),
        (replace(DATA, values=["sport"] * 90), "whose values are spans"),
    ):
        with pytest.raises(InvalidInputError, match=said):
            fitted(data, tmp_path)
    with pytest.raises(InvalidInputError, match="learnt nothing yet"):
        SpanTagger(params()).predict_spans(make_batch(["a"]), RecordingContext(tmp_path))


def test_a_damaged_folder_is_named(tagger, tmp_path):
    tagger.save(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"no")
    with pytest.raises(UnavailableError, match="train it again"):
        SpanTagger(params()).load(tmp_path)
    (tmp_path / "spans.json").write_text("{}")
    with pytest.raises(UnavailableError, match=r"spans\.json"):
        SpanTagger(params()).load(tmp_path)


def test_it_is_exported_as_transformers_reads_it(tagger, tmp_path, ctx):
    from transformers import pipeline

    notes = tagger.export(tmp_path, "transformers", ("money", "sport", "sky", "new"), ctx)
    mark = pipeline(
        "token-classification", model=str(tmp_path), aggregation_strategy="simple", device="cpu"
    )
    text = "bank of the storm"
    found = {(each["word"].strip(), each["entity_group"]) for each in mark(text)}

    assert found == {("bank", "money"), ("storm", "sky")}
    assert notes.pipeline == "token-classification"
    assert not (tmp_path / "spans.json").exists()
    with pytest.raises(InvalidInputError, match="not 'onnx'"):
        tagger.export(tmp_path, "onnx", DATA.labels, ctx)


def test_lora_learns_spans_too(tmp_path, ctx):
    tagger, _ = fitted(DATA, tmp_path, lora_rank=8, learning_rate=1e-2, epochs=6)
    found = tagger.predict_spans(make_batch(NEW), ctx)
    assert span_f1(make_spans(NEW), found.spans) > 0.7


def test_on_tweets_a_small_encoder_finds_names(minilm, monkeypatch, tmp_path, ctx):
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(minilm.parent))
    lines = shared_file("wnut17.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    texts = [row["text"] for row in rows]
    values = [[Span(**each) for each in row["spans"]] for row in rows]
    labels = tuple(sorted({each.label for spans in values for each in spans}))
    learn = [i for i in range(len(rows) // 2) if values[i]][:60]
    new = [i for i in range(len(rows) // 2, len(rows)) if values[i]][:40]
    present = [[label in {each.label for each in values[i]} for label in labels] for i in learn]
    data = TrainingSet(
        batch=make_batch([texts[i] for i in learn]),
        features=None,
        targets=np.array(present, dtype=np.uint8),
        labels=labels,
        seed=3,
        values=[values[i] for i in learn],
    )

    tagger, _ = fitted(
        data,
        tmp_path,
        model="model",
        learning_rate=1e-3,
        epochs=4,
        batch_size=8,
        held_out=0,
        frozen_layers=3,
    )
    found = tagger.predict_spans(make_batch([texts[i] for i in new]), ctx)

    # Who predicts nothing has 0.
    assert span_f1([values[i] for i in new], found.spans) > 0.05


def _pairs() -> list[tuple[list[Span], str]]:
    return list(zip(DATA.values or (), DATA.batch.texts, strict=True))
