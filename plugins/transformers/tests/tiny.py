"""Tiny checkpoints of real architectures, with tokenizers that are trained in place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from kodkod.testing import make_texts

__all__ = ["TINY", "build_tiny"]

_VOCABULARY = 600
_LONGEST = 128


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
    extra = ["Élodie 👩‍👩‍👧 naïve e\u0301 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627"]
    return [*make_texts(200, seed=5), *extra * 3]


def _wordpiece() -> Any:
    """BERT's: lower case, accents kept out of the tokens, `[CLS] text [SEP]`."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from tokenizers.processors import TemplateProcessing

    named = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    inner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    inner.normalizer = normalizers.BertNormalizer()
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.decoder = decoders.WordPiece()
    inner.train_from_iterator(
        _corpus(),
        trainers.WordPieceTrainer(
            vocab_size=_VOCABULARY, special_tokens=named, show_progress=False
        ),
    )
    inner.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return _fast(inner, named)


def _byte_level() -> Any:
    """ModernBERT's: bytes, a token holds the space in front of it, `[CLS] text [SEP]`."""
    from tokenizers.processors import TemplateProcessing

    named = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    inner = _trained_bytes(named)
    inner.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return _fast(inner, named)


def _sentencepiece_like() -> Any:
    """DeBERTa's and XLM-R's: the space in front becomes `▁`; characters not known are `[UNK]`."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from tokenizers.processors import TemplateProcessing

    named = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    inner = Tokenizer(models.Unigram())
    inner.normalizer = normalizers.NFKC()
    inner.pre_tokenizer = pre_tokenizers.Metaspace()
    inner.decoder = decoders.Metaspace()
    inner.train_from_iterator(
        _corpus(),
        trainers.UnigramTrainer(
            vocab_size=400, special_tokens=named, unk_token="[UNK]", show_progress=False
        ),
    )
    inner.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return _fast(inner, named)


def _causal(**more: str) -> Any:
    """Llama's and Pleias': bytes, `<s>` in front, no token for padding."""
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast

    inner = _trained_bytes(["<s>", "</s>", "<unk>", "<|endoftext|>"])
    inner.post_processor = TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    return PreTrainedTokenizerFast(
        tokenizer_object=inner, bos_token="<s>", eos_token="</s>", unk_token="<unk>", **more
    )


def _causal_padded() -> Any:
    """Phi-3's: as `_causal`, with a token for padding that is put to the left."""
    return _causal(pad_token="<|endoftext|>", padding_side="left")


def _trained_bytes(named: list[str]) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    inner.train_from_iterator(
        _corpus(),
        trainers.BpeTrainer(
            vocab_size=_VOCABULARY,
            special_tokens=named,
            initial_alphabet=alphabet,
            show_progress=False,
        ),
    )
    return inner


def _fast(inner: Any, named: list[str]) -> Any:
    from transformers import PreTrainedTokenizerFast

    pad, unknown, first, last, mask = named
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token=pad,
        unk_token=unknown,
        cls_token=first,
        sep_token=last,
        mask_token=mask,
        model_max_length=_LONGEST,
    )


def _shape(tokenizer: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "max_position_embeddings": _LONGEST,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }


def _modernbert(tokenizer: Any) -> Any:
    from transformers import ModernBertConfig, ModernBertForMaskedLM

    config = ModernBertConfig(
        **_shape(tokenizer)
        | {"cls_token_id": tokenizer.cls_token_id, "sep_token_id": tokenizer.sep_token_id},
        global_attn_every_n_layers=2,
        local_attention=32,
    )
    return ModernBertForMaskedLM(config)


def _bert(tokenizer: Any) -> Any:
    from transformers import BertConfig, BertForMaskedLM

    return BertForMaskedLM(BertConfig(**_shape(tokenizer)))


def _deberta(tokenizer: Any) -> Any:
    from transformers import DebertaV2Config, DebertaV2ForMaskedLM

    config = DebertaV2Config(
        **_shape(tokenizer),
        relative_attention=True,
        position_buckets=32,
        pos_att_type=["p2c", "c2p"],
        share_att_key=True,
        type_vocab_size=0,
        position_biased_input=False,
    )
    return DebertaV2ForMaskedLM(config)


def _phi3(tokenizer: Any) -> Any:
    from transformers import Phi3Config, Phi3ForCausalLM

    return Phi3ForCausalLM(
        Phi3Config(
            **_shape(tokenizer)
            | {"original_max_position_embeddings": _LONGEST, "num_key_value_heads": 2}
        )
    )


def _llama(tokenizer: Any) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    return LlamaForCausalLM(LlamaConfig(**_shape(tokenizer), num_key_value_heads=2))


TINY = {
    "tiny-modernbert": Tiny(_byte_level, _modernbert),
    "tiny-bert": Tiny(_wordpiece, _bert),
    "tiny-deberta": Tiny(_sentencepiece_like, _deberta),
    "tiny-phi3": Tiny(_causal_padded, _phi3),
    "tiny-llama": Tiny(_causal, _llama),
}
"""By name: the last two are decoders."""
