"""The checkpoints that other tests learn from are what they say."""

from __future__ import annotations

import pytest

from .tiny import TINY, build_tiny


@pytest.mark.parametrize("name", TINY)
def test_a_tiny_checkpoint_is_small_whole_and_read_by_a_fast_tokenizer(tiny_models, name):
    from transformers import AutoConfig, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_models / name)
    weights = (tiny_models / name / "model.safetensors").stat().st_size
    config = AutoConfig.from_pretrained(tiny_models / name)
    said = tokenizer("the bank", return_offsets_mapping=True)

    assert tokenizer.is_fast
    assert weights < 1_000_000
    assert max(end for _, end in said["offset_mapping"]) == len("the bank")
    assert config.vocab_size == len(tokenizer)
    assert (tokenizer.padding_side == "left") == (name == "tiny-phi3")
    assert (tokenizer.pad_token_id is None) == (name == "tiny-llama")


def test_one_seed_gives_one_checkpoint(tiny_models, tmp_path):
    again = build_tiny("tiny-bert", tmp_path)

    one, two = (path / "model.safetensors" for path in (again, tiny_models / "tiny-bert"))
    assert one.read_bytes() == two.read_bytes()
