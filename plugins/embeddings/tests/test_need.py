"""What embeddings are said to need of a card, against what they take."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kodkod.api import decode_params
from kodkod.api.gpu_memory import CONTEXT_MB
from kodkod.api.model_facts import ModelFacts, read_model_facts
from kodkod.testing.isolation import imported_by
from kodkod_embeddings.need import embedding_mb
from kodkod_embeddings.params import SentenceEmbeddingsParams

WEIGHTS_MB = 87


def params(**raw):
    given = {"model": "model", "batch_tokens": 4_096, **raw}
    return decode_params(SentenceEmbeddingsParams, given)


def in_folder(folder: Path):
    return lambda name: folder / name


def write_model(folder: Path, config: dict, **files) -> Path:
    (folder / "config.json").write_text(json.dumps(config))
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def write_weights(file: Path, shapes: dict[str, list[int]]) -> None:
    header = json.dumps(
        {"__metadata__": {"format": "pt"}}
        | {name: {"dtype": "BF16", "shape": shape} for name, shape in shapes.items()}
    ).encode()
    file.write_bytes(len(header).to_bytes(8, "little") + header)


def test_asking_imports_nothing_heavy():
    assert imported_by(["kodkod_embeddings.need"]) == []
    script = (
        "import sys; from kodkod_embeddings.need import embedding_mb;"
        "from kodkod_embeddings.params import SentenceEmbeddingsParams as Params;"
        "embedding_mb(Params(model='org/name')); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b"False\n"


def test_a_model_is_known_by_its_files(minilm):
    assert read_model_facts("model", in_folder(minilm)) == ModelFacts(
        parameters=22_713_728,
        hidden=384,
        layers=6,
        intermediate=1_536,
        heads=12,
        longest=256,
        fused=True,
    )


def test_the_need_is_the_weights_a_context_and_one_batch(local_models):
    need = embedding_mb(params())
    assert WEIGHTS_MB + CONTEXT_MB < need < WEIGHTS_MB + CONTEXT_MB + 300


def test_more_tokens_at_a_time_need_more(local_models):
    needs = [embedding_mb(params(batch_tokens=tokens)) for tokens in (128, 4_096, 65_536)]
    assert needs == sorted(set(needs))
    assert embedding_mb(params(max_length=8)) <= embedding_mb(params())


def test_weights_in_several_files_are_counted_together(tmp_path):
    write_model(
        tmp_path,
        {"hidden_size": 8, "num_hidden_layers": 2},
        **{"model.safetensors.index": {"weight_map": {"a": "one", "b": "two", "c": "two"}}},
    )
    write_weights(tmp_path / "one", {"a": [10, 8]})
    write_weights(tmp_path / "two", {"b": [8], "c": [2, 2, 3]})
    assert read_model_facts("x", in_folder(tmp_path)).parameters == 80 + 8 + 12


def test_the_transformer_is_found_in_its_own_folder(tmp_path):
    (tmp_path / "0_Transformer").mkdir()
    (tmp_path / "modules.json").write_text('[{"idx": 0, "path": "0_Transformer"}]')
    write_model(
        tmp_path / "0_Transformer",
        {"dim": 768, "n_layers": 6, "n_heads": 12, "hidden_dim": 3_072},
        sentence_bert_config={"max_seq_length": 128},
    )
    facts = read_model_facts("x", in_folder(tmp_path))
    assert (facts.hidden, facts.layers, facts.intermediate, facts.longest) == (768, 6, 3_072, 128)


@pytest.mark.parametrize(
    ("files", "longest"),
    [
        ({}, 514),
        ({"tokenizer_config": {"model_max_length": 384}}, 384),
        ({"tokenizer_config": {"model_max_length": 1e30}}, 514),
        ({"sentence_bert_config": {"max_seq_length": 8_192}}, 8_192),
        ({"sentence_bert_config": {"max_seq_length": None}}, 514),
    ],
)
def test_the_longest_text_is_the_one_that_the_library_reads(tmp_path, files, longest):
    write_model(tmp_path, {"hidden_size": 8, "max_position_embeddings": 514}, **files)
    assert read_model_facts("x", in_folder(tmp_path)).longest == longest


@pytest.mark.parametrize(
    ("config", "at_least", "at_most"),
    [
        # xlm-roberta-base has 278 M, Qwen3-0.6B 596 M parameters.
        (
            {
                "vocab_size": 250_002,
                "hidden_size": 768,
                "num_hidden_layers": 12,
                "intermediate_size": 3_072,
            },
            278e6,
            350e6,
        ),
        (
            {
                "vocab_size": 151_669,
                "hidden_size": 1_024,
                "num_hidden_layers": 28,
                "intermediate_size": 3_072,
            },
            500e6,
            700e6,
        ),
    ],
)
def test_without_weights_the_shape_says_about_how_many_there_are(
    tmp_path, config, at_least, at_most
):
    write_model(tmp_path, config)
    assert at_least <= read_model_facts("x", in_folder(tmp_path)).parameters <= at_most


@pytest.mark.parametrize("damage", ["empty", "no json", "huge", "short"])
def test_damaged_weights_count_as_missing(tmp_path, damage):
    write_model(tmp_path, {"hidden_size": 8, "num_hidden_layers": 1, "vocab_size": 10})
    content = {
        "empty": b"",
        "no json": b"\x04" + bytes(7) + b"nope",
        "huge": b"\xff" * 8 + b"{}",
        "short": b"\x40" + bytes(7) + b"{",
    }
    (tmp_path / "model.safetensors").write_bytes(content[damage])
    assert 0 < read_model_facts("x", in_folder(tmp_path)).parameters < 2_000


def test_a_part_outside_of_the_model_is_not_looked_at(tmp_path):
    asked = []

    def find(name):
        asked.append(name)
        return tmp_path / name if name == "modules.json" else None

    (tmp_path / "modules.json").write_text('[{"idx": 0, "path": "../../secret"}]')
    read_model_facts("x", find)
    assert not any(".." in name for name in asked)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("org/embedding-4B", 4e9),
        ("org/Embedding-0.6B", 0.6e9),
        ("org/v2-350m", 350e6),
        ("8b-org/gte_7b_instruct", 7e9),
        ("org/multilingual-large", 600e6),
        ("org/model-3.1", 600e6),
        ("org/bge-m3", 600e6),
    ],
)
def test_a_model_that_is_not_here_is_guessed_by_its_name(name, parameters):
    assert read_model_facts(name, lambda _: None).parameters == parameters


def test_a_model_that_is_refused_is_for_the_job_to_say(monkeypatch):
    monkeypatch.delenv("KODKOD_LOCAL_MODELS", raising=False)
    assert embedding_mb(params(model="../elsewhere")) > CONTEXT_MB


def test_a_model_in_the_hub_s_cache_is_known_by_its_files(tmp_path, minilm, monkeypatch):
    monkeypatch.delenv("KODKOD_LOCAL_MODELS", raising=False)
    commit = "0123456789abcdef" * 2 + "01234567"
    kept = tmp_path / "models--some-org--minilm"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs/main").write_text(commit)
    (kept / "snapshots" / commit).parent.mkdir()
    (kept / "snapshots" / commit).symlink_to(minilm)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))

    need = embedding_mb(params(model="some-org/minilm"))

    assert WEIGHTS_MB + CONTEXT_MB < need < WEIGHTS_MB + CONTEXT_MB + 300
    assert embedding_mb(params(model="some-org/minilm", revision=commit)) == need


def test_architectures_without_fused_attention_are_known():
    from transformers import CONFIG_MAPPING, MODEL_MAPPING

    from kodkod.api.model_facts import _PLAIN

    common = [
        *("albert", "bert", "camembert", "distilbert", "electra", "gemma3_text", "llama"),
        *("mistral", "modernbert", "nomic_bert", "qwen2", "qwen3", "roberta", "t5", "xlm-roberta"),
    ]
    fused = {
        name: MODEL_MAPPING[CONFIG_MAPPING[name]]._supports_sdpa
        for name in (*common, *_PLAIN)
        if name in CONFIG_MAPPING
    }
    assert len(fused) > 20
    assert {name for name, has in fused.items() if not has} == _PLAIN & fused.keys()


def peak_mb(step) -> float:
    """Return the MB of tensors that live at a time while `step` runs on the processor."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as watched:
        step()
    events = watched.profiler.kineto_results.events()
    changes = [event.nbytes() for event in events if event.name() == "[memory]"]
    return float(np.cumsum(changes).max()) / 2**20


def test_a_batch_takes_less_than_was_estimated(local_models, batch, ctx):
    """On the processor, where tensors can be counted; see test_card.py for a card."""
    from kodkod_embeddings.sentence import SentenceEmbeddings

    given = params(batch_tokens=2_048)
    feature = SentenceEmbeddings(given)
    texts = batch([f"{i} " + "word " * 300 for i in range(8)] + [f"short {i}" for i in range(8)])
    feature.fit(texts, ctx)
    feature.transform(texts, ctx)

    taken = peak_mb(lambda: feature.transform(texts, ctx))

    estimated = embedding_mb(given) - CONTEXT_MB - WEIGHTS_MB
    assert 20 < taken < estimated < 4 * taken
