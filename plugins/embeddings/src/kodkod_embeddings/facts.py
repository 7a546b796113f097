"""A model's size and shape, from its small files and the headers of its weights."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

__all__ = ["ModelFacts", "read_facts"]

Find = Callable[[str], Path | None]
"""Gives a file of a model by its name inside, None if it is not on this machine."""

_UNKNOWN = 600_000_000
_HEADER_BYTES = 100_000_000
"""safetensors itself reads no longer header."""

_PLAIN = frozenset({"convbert", "deberta", "deberta-v2", "flaubert", "ibert"}) | frozenset(
    {"megatron-bert", "mpnet", "rembert", "squeezebert", "xlm"}
)
"""Architectures that transformers computes without fused attention."""

_SIZE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(b|m)(?![a-z0-9])", re.IGNORECASE)


class ModelFacts(Struct, frozen=True, kw_only=True):
    """What a transformer's memory depends on; the defaults are for a model not known yet.

    The defaults are those of the largest common encoders (XLM-RoBERTa large, as in
    multilingual-e5-large and bge-m3). `longest` is in tokens.
    """

    parameters: int = _UNKNOWN
    hidden: int = 1_024
    layers: int = 24
    intermediate: int = 4_096
    heads: int = 16
    longest: int = 8_192
    fused: bool = True


def read_facts(name: str, find: Find) -> ModelFacts:
    """Read what `find` has of a model; what it has not is taken from the name, or guessed.

    A damaged file counts as missing: whoever loads the model will say so.
    """
    folder = _transformer_folder(find)
    config = _json(find(f"{folder}config.json"))
    if not config:
        return _by_name(name)
    config = config.get("text_config") or config
    shape = ModelFacts(
        hidden=_first(config, "hidden_size", "d_model", "dim", "n_embd", default=1_024),
        layers=_first(config, "num_hidden_layers", "num_layers", "n_layers", "n_layer", default=24),
        heads=_first(config, "num_attention_heads", "num_heads", "n_heads", "n_head", default=16),
        longest=_longest(config, folder, find),
        fused=config.get("model_type") not in _PLAIN,
    )
    wide = _first(config, "intermediate_size", "d_ff", "hidden_dim", default=4 * shape.hidden)
    shape = msgspec.structs.replace(shape, intermediate=wide)
    counted = _count(folder, find) or _from_shape(shape, _first(config, "vocab_size", default=0))
    return msgspec.structs.replace(shape, parameters=counted)


def _transformer_folder(find: Find) -> str:
    """Return where the transformer lies among the parts of a sentence-transformers model."""
    modules = _json(find("modules.json"))
    first = modules[0] if isinstance(modules, list) and modules else {}
    path = first.get("path") if isinstance(first, dict) else ""
    return f"{path}/" if isinstance(path, str) and re.fullmatch(r"[\w-]+", path) else ""


def _longest(config: Mapping[str, Any], folder: str, find: Find) -> int:
    """Return how many tokens sentence-transformers reads of a text."""
    said = _json(find(f"{folder}sentence_bert_config.json")) or {}
    if length := _first(said, "max_seq_length", default=0):
        return length
    tokenizer = _json(find(f"{folder}tokenizer_config.json")) or {}
    positions = _first(config, "max_position_embeddings", "n_positions", default=512)
    return min(positions, _first(tokenizer, "model_max_length", default=positions))


def _count(folder: str, find: Find) -> int | None:
    """Count the numbers in the weights, by the headers of all their files."""
    index = _json(find(f"{folder}model.safetensors.index.json"))
    names = {"model.safetensors"}
    if isinstance(index, dict) and isinstance(index.get("weight_map"), dict):
        names = set(index["weight_map"].values())
    counts = [_count_file(find(f"{folder}{name}")) for name in names]
    return None if None in counts else sum(each for each in counts if each is not None)


def _count_file(file: Path | None) -> int | None:
    if file is None:
        return None
    try:
        with file.open("rb") as weights:
            length = int.from_bytes(weights.read(8), "little")
            if not 0 < length <= _HEADER_BYTES:
                return None
            header = msgspec.json.decode(weights.read(length), type=dict[str, Any])
    except (OSError, msgspec.DecodeError):
        return None
    return sum(math.prod(each.get("shape", [0])) for each in header.values())


def _from_shape(shape: ModelFacts, vocabulary: int) -> int:
    """Return about how many parameters a transformer has, were its feed-forward layers gated."""
    layer = 4 * shape.hidden**2 + 3 * shape.hidden * shape.intermediate
    return shape.hidden * (vocabulary or 250_000) + shape.layers * layer


def _by_name(name: str) -> ModelFacts:
    """Guess from a size in the name, as in `org/embedding-4B`."""
    sizes = _SIZE.findall(name.rpartition("/")[2].replace("-", " ").replace("_", " "))
    if not sizes:
        return ModelFacts()
    number, unit = sizes[-1]
    parameters = round(float(number) * (1e9 if unit.lower() == "b" else 1e6))
    if parameters <= _UNKNOWN:
        return ModelFacts(parameters=parameters)
    return ModelFacts(parameters=parameters, hidden=4_096, layers=36, intermediate=14_336, heads=32)


def _first(values: Mapping[str, Any], *names: str, default: int) -> int:
    for name in names:
        value = values.get(name)
        if isinstance(value, (int, float)) and value > 0:
            return int(value)
    return default


def _json(file: Path | None) -> Any:
    if file is None:
        return None
    try:
        return msgspec.json.decode(file.read_bytes())
    except (OSError, msgspec.DecodeError):
        return None
