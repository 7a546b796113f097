"""Tiny language models of real architectures, with tokenizers that are trained in place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from kodkod.testing import make_texts

__all__ = ["TINY", "build_tiny"]

_VOCABULARY = 700
_LONGEST = 4_096

_PHI_TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\n' + message['content'] + "
    "'<|end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)
_REFUSING_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{{ '<turn>' + message['role'] + '\n' + message['content'] + '</turn>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<turn>model\n' }}{% endif %}"
)


class Tiny(Struct, frozen=True):
    """How a checkpoint is made: its tokenizer, and its model from that."""

    tokenizer: Callable[[], Any]
    model: Callable[[Any], Any]


def build_tiny(name: str, root: Path, seed: int = 0) -> Path:
    """Write the checkpoint `name` of `TINY` as a folder below `root`; return the folder."""
    import torch
    from transformers.utils import logging

    made = TINY[name]
    tokenizer = made.tokenizer()
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = made.model(tokenizer)
    folder = root / name
    logging.disable_progress_bar()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _corpus() -> list[str]:
    extra = ['{"label": "sports"} {"labels": ["a", "b"]} {"spans": []} yes no Élodie naïve 👩‍👩‍👧']
    return [*make_texts(200, seed=5), *extra * 30]


def _phi() -> Any:
    """Phi-3's: bytes, a chat template, a token for padding that is put to the left."""
    named = ["<s>", "</s>", "<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
    return _fast(
        _bytes(named),
        eos_token="<|end|>",
        pad_token="<|endoftext|>",
        padding_side="left",
        chat_template=_PHI_TEMPLATE,
    )


def _qwen() -> Any:
    """Bytes, and a template that refuses the role `system`, as Gemma's does."""
    named = ["<bos>", "<eos>", "<turn>", "</turn>"]
    return _fast(
        _bytes(named), bos_token="<bos>", eos_token="<eos>", chat_template=_REFUSING_TEMPLATE
    )


def _pleias() -> Any:
    """Llama's and Pleias': `▁` for a space, also in front of a text; `<s>`; no template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from tokenizers.processors import TemplateProcessing

    named = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    inner = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    inner.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    inner.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    words = [word for text in _corpus() for word in text.split()]
    inner.train_from_iterator(
        words,
        trainers.BpeTrainer(vocab_size=_VOCABULARY, special_tokens=named, show_progress=False),
    )
    # Bytes are plain tokens of the vocabulary; training would have them as special ones.
    described = json.loads(inner.to_str())
    described["added_tokens"] = [
        each for each in described["added_tokens"] if not each["content"].startswith("<0x")
    ]
    inner = Tokenizer.from_str(json.dumps(described))
    inner.post_processor = TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return _fast(inner, bos_token="<s>", eos_token="</s>", unk_token="<unk>")


def _bytes(named: list[str]) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    inner.train_from_iterator(
        _corpus(),
        trainers.BpeTrainer(
            vocab_size=_VOCABULARY,
            special_tokens=named,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    return inner


def _fast(inner: Any, **more: Any) -> Any:
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(tokenizer_object=inner, model_max_length=_LONGEST, **more)


def _shape(tokenizer: Any) -> dict[str, Any]:
    return {
        # More than the tokenizer has, as where a vocabulary is rounded up.
        "vocab_size": len(tokenizer) + 37,
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": _LONGEST,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }


def _phi3(tokenizer: Any) -> Any:
    from transformers import Phi3Config, Phi3ForCausalLM

    # The window is shorter than the tests' prompts, as Phi-3's is shorter than long ones.
    more: dict[str, Any] = {"original_max_position_embeddings": _LONGEST, "sliding_window": 40}
    return Phi3ForCausalLM(Phi3Config(**_shape(tokenizer), **more))


def _llama(tokenizer: Any) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(LlamaConfig(**_shape(tokenizer)))


def _qwen3(tokenizer: Any) -> Any:
    from transformers import Qwen3Config, Qwen3ForCausalLM

    return Qwen3ForCausalLM(Qwen3Config(**_shape(tokenizer), head_dim=16))


TINY = {
    "tiny-phi3": Tiny(_phi, _phi3),
    "tiny-llama": Tiny(_pleias, _llama),
    "tiny-qwen3": Tiny(_qwen, _qwen3),
}
"""By name."""
