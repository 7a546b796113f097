"""The labeller as a job runs it: what it learns to say, how it stops, what it refuses."""

from __future__ import annotations

import gc
import json
import shutil
from collections.abc import Generator, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import PreTrainedModel, T5Config

from kodkod.api import Cancelled, InvalidInputError, Question, Reply, UnavailableError
from kodkod.testing import RecordingContext
from kodkod.testing.isolation import imported_by
from kodkod_local_llm import deciding, heartbeat, run
from kodkod_local_llm.catalogue import DEFAULT_MODEL, MODELS
from kodkod_local_llm.labeller import LocalLlm, chosen_method
from kodkod_local_llm.need import labeller_mb
from kodkod_local_llm.params import LocalLlmParams

from .asking import TEXTS, ask, labeller, make_task, odds, questions, sure
from .taught import KEYWORDS, make_texts_by_keyword, teach

pytestmark = pytest.mark.usefixtures("local_models")


@pytest.fixture(scope="module")
def taught_model(tiny_models: Path) -> str:
    """The name of a model that answers by keyword."""
    return teach(tiny_models / "tiny-qwen3", tiny_models / "taught").name


@pytest.mark.parametrize("method", ["decision", "constrained"])
def test_what_a_model_was_taught_is_read_right(method, taught_model, ctx):
    texts, labels = make_texts_by_keyword(30, seed=2)
    task = make_task("multiclass", list(KEYWORDS))
    replies = ask(labeller(model=taught_model, method=method), texts, task, ctx)

    right = [reply.value == label for reply, label in zip(replies, labels, strict=True)]
    assert np.mean(right) >= 0.9
    assert np.mean([sure(reply) for reply, good in zip(replies, right, strict=True) if good]) > 0.8


def test_both_methods_are_equally_sure(taught_model, ctx):
    texts, _ = make_texts_by_keyword(9, seed=3)
    task = make_task("multiclass", list(KEYWORDS))
    decided = ask(labeller(model=taught_model, method="decision"), texts, task, ctx)
    written = ask(labeller(model=taught_model, method="constrained"), texts, task, ctx)

    assert [each.value for each in decided] == [each.value for each in written]
    np.testing.assert_allclose(
        [sure(each) for each in decided], [sure(each) for each in written], atol=0.05
    )


@pytest.mark.parametrize("scheme_type", ["multiclass", "multilabel", "span"])
def test_progress_has_texts_and_tokens(scheme_type, ctx):
    replies = ask(labeller(max_tokens=32), TEXTS, make_task(scheme_type), ctx)

    last = ctx.reports[-1]
    assert last.message == f"{len(TEXTS)} texts answered"
    assert last.metrics["texts_per_second"] > 0
    assert last.metrics["tokens_per_second"] > 0
    assert all(each.tokens_in > 0 and each.seconds > 0 for each in replies)
    assert any(each.tokens_out for each in replies) == (scheme_type == "span")


def test_questions_are_pulled_some_at_a_time_and_replies_come_meanwhile(ctx):
    pulled: list[str] = []

    def endless() -> Iterator[Question]:
        for question in questions("goal" for _ in iter(int, 1)):
            pulled.append(question.key)
            yield question

    with closing(labelled(labeller(), endless(), ctx)) as replies:
        first = list(islice(replies, 5))
    assert len(first) == 5
    assert len(pulled) == 8


def labelled(
    given: LocalLlm, asked: Iterator[Question], ctx: RecordingContext
) -> Generator[Reply, None, None]:
    replies = given.label(asked, make_task("multiclass"), ctx)
    assert isinstance(replies, Generator)
    return replies


def _models() -> list[object]:
    gc.collect()
    return [each for each in gc.get_objects() if issubclass(type(each), PreTrainedModel)]


@pytest.mark.parametrize("method", ["decision", "constrained"])
def test_closing_early_frees_the_model(method, ctx):
    before = len(_models())
    replies = labelled(labeller(method=method), questions(TEXTS), ctx)
    next(replies)
    assert len(_models()) > before
    replies.close()
    assert len(_models()) == before


class StoppedInside(RecordingContext):
    """Cancels once tokens were computed while no text is answered yet."""

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        super().progress(fraction, message, **metrics)
        if message == "0 texts answered" and metrics["tokens_per_second"] > 0:
            raise Cancelled


def test_a_cancellation_is_heard_inside_a_long_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(heartbeat, "_SECONDS", 0.0)
    ctx = StoppedInside(tmp_path)
    given = labeller(max_tokens=3_000)
    replies = given.label(questions(["goal"]), make_task("multiclass", justify=True), ctx)
    with pytest.raises(Cancelled):
        next(replies)
    assert len(ctx.reports) < 50


def test_it_beats_before_each_layer(tmp_path, monkeypatch):
    monkeypatch.setattr(heartbeat, "_SECONDS", 0.0)
    ctx = RecordingContext(tmp_path)
    list(labeller().label(questions(["goal"]), make_task("multiclass"), ctx))
    n_passes, n_layers = 2, 2
    inside = [each for each in ctx.reports if each.metrics.get("tokens_per_second") == 0]
    assert len(inside) >= n_passes * n_layers


def test_a_prompt_that_is_too_long_fails_by_itself_and_is_not_cut(ctx):
    texts = ["goal", "word " * 5_000, "bank"]
    for scheme_type in ("multiclass", "multilabel", "span"):
        replies = ask(labeller(max_tokens=64), texts, make_task(scheme_type), ctx)
        assert replies[1].state == "failed"
        assert replies[1].value is None
        assert "4096 are read at most" in replies[1].problem
        assert {replies[0].state, replies[2].state} <= {"answered", "unparsed"}


def test_max_length_is_a_bound_too(ctx):
    task = make_task("multiclass")
    (reply,) = ask(labeller(max_length=64), ["goal " * 80], task, ctx)
    assert (reply.state, reply.calls) == ("failed", 0)
    assert "64 are read at most" in reply.problem


def test_a_batch_that_does_not_fit_is_halved(ctx, monkeypatch):
    sizes: list[int] = []

    def with_little_memory(llm, decisions, batch_tokens, heart):
        sizes.append(len(decisions))
        if len(decisions) > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return deciding.decide(llm, decisions, batch_tokens, heart)

    task = make_task("multiclass")
    whole = ask(labeller(), TEXTS, task, ctx)
    monkeypatch.setattr(run, "decide", with_little_memory)
    halved = ask(labeller(), TEXTS, task, ctx)

    assert max(sizes) > 2
    assert sum(size for size in sizes if size <= 2) == len(TEXTS)
    assert any("did not fit into memory" in line for line in ctx.lines)
    for one, other in zip(whole, halved, strict=True):
        np.testing.assert_allclose(odds(one), odds(other), rtol=1e-3)


def test_a_model_that_is_not_here_says_how_to_bring_it(ctx):
    replies = labeller(model="org/absent").label(questions(["a"]), make_task("multiclass"), ctx)
    with pytest.raises(UnavailableError, match=r"hf download org/absent.*KODKOD_LOCAL_MODELS"):
        next(replies)
    with pytest.raises(UnavailableError, match="hf download org/absent"):
        labeller(model="org/absent").identity()


def test_folders_elsewhere_are_refused(tmp_path, tiny_models, ctx):
    shutil.copytree(tiny_models / "tiny-phi3", tmp_path / "mine")
    for name in (str(tmp_path / "mine"), "../mine", "mine"):
        with pytest.raises(InvalidInputError, match="KODKOD_LOCAL_MODELS"):
            ask(labeller(model=name), ["a"], make_task("multiclass"), ctx)


def _copy(tiny_models: Path, monkeypatch: pytest.MonkeyPatch, root: Path) -> Path:
    shutil.copytree(tiny_models / "tiny-phi3", root / "broken")
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(root))
    return root / "broken"


def _pickled(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")


def _truncated(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\x10")


def _with_code(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Config"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "own.py").write_text("raise SystemExit('it ran')")


def _of_another_kind(folder: Path) -> None:
    T5Config().save_pretrained(folder)


@pytest.mark.parametrize(
    ("spoil", "error", "said"),
    [
        (_pickled, InvalidInputError, "no weights as safetensors"),
        (_truncated, UnavailableError, "cannot be read"),
        (_with_code, InvalidInputError, "code of its own"),
        (_of_another_kind, InvalidInputError, "no causal language model"),
    ],
)
def test_what_cannot_be_loaded_says_why(
    spoil, error, said, tiny_models, monkeypatch, tmp_path, ctx
):
    spoil(_copy(tiny_models, monkeypatch, tmp_path))
    with pytest.raises(error, match=said):
        ask(labeller(model="broken"), ["a"], make_task("multiclass"), ctx)


def test_replies_depend_on_weights_and_sampling_but_not_on_batches(
    tiny_models, monkeypatch, tmp_path
):
    folder = _copy(tiny_models, monkeypatch, tmp_path)
    one = labeller(model="broken").identity()
    assert one == labeller(model="broken", batch_tokens=999).identity()
    others = [
        labeller(model="broken", **given).identity()
        for given in ({"temperature": 0.5}, {"samples": 3}, {"seed": 1}, {"method": "decision"})
    ]
    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (folder / "model.safetensors").write_bytes(weights)
    others.append(labeller(model="broken").identity())
    marks = {json.dumps(each, sort_keys=True) for each in (one, *others)}
    assert len(marks) == 1 + len(others)


def test_auto_decides_unless_something_must_be_written():
    decided = LocalLlmParams()
    several = LocalLlmParams(samples=3, temperature=1.0)
    assert chosen_method(decided, make_task("multiclass")) == "decision"
    assert chosen_method(decided, make_task("multilabel")) == "decision"
    assert chosen_method(decided, make_task("span")) == "constrained"
    assert chosen_method(decided, make_task("multiclass", justify=True)) == "constrained"
    assert chosen_method(several, make_task("multiclass")) == "constrained"


@pytest.mark.parametrize(
    ("params", "task", "said"),
    [
        ({"method": "decision"}, make_task("span"), "gives no spans"),
        ({"method": "decision"}, make_task("multiclass", justify=True), "gives no reasons"),
        ({"method": "decision", "samples": 2}, make_task("multiclass"), "no several samples"),
        ({"samples": 2}, make_task("multiclass"), "temperature"),
    ],
)
def test_what_does_not_go_together_is_refused(params, task, said, ctx):
    with pytest.raises(InvalidInputError, match=said):
        ask(labeller(**params), ["a"], task, ctx)


def test_the_need_of_a_card_follows_from_the_params():
    assert imported_by(["kodkod_local_llm.need"]) == []
    small, large = (labeller_mb(LocalLlmParams(model=f"org/m-{size}")) for size in ("350m", "4B"))
    assert small < large
    assert large > 4_000_000_000 * 2 / 2**20
    assert labeller_mb(LocalLlmParams(batch_tokens=65_536)) > labeller_mb(LocalLlmParams())


def test_the_catalogue_is_of_names_that_the_hub_takes():
    names = [each.name for each in MODELS]
    assert len(set(names)) == len(names)
    assert DEFAULT_MODEL in names
    assert all(name.count("/") == 1 for name in names)
