"""A model's size and shape, from its small files and the headers of its weights."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from kodkod.api.errors import InvalidInputError
from kodkod.api.local_models import allowed_roots, locate_model

__all__ = ["ModelFacts", "find_model_file", "read_model_facts"]

T = TypeVar("T")

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


class _Module(Struct):
    path: str = ""


class _Shards(Struct):
    weight_map: dict[str, str]


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


def read_model_facts(name: str, find: Find) -> ModelFacts:
    """Read what `find` has of a model; what it has not is taken from the name, or guessed.

    A damaged file counts as missing: whoever loads the model will say so.
    """
    folder = _transformer_folder(find)
    config = _read(find(f"{folder}config.json"), dict[str, Any])
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


def find_model_file(model: str, revision: str | None = None) -> Find:
    """Return what finds a file of a model: in its local folder, or in the hub's cache.

    Nothing is fetched. Of a model that is neither a folder that is allowed nor a name of the hub
    there is no file.
    """
    try:
        where = locate_model(model, allowed_roots())
    except InvalidInputError:
        # Who loads the model will say it better.
        return lambda _: None
    if isinstance(where, Path):
        return lambda name: where / name
    return lambda name: _cached(where, name, revision)


def _cached(model: str, name: str, revision: str | None) -> Path | None:
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError:
        return None
    found = try_to_load_from_cache(model, name, revision=revision)
    return Path(found) if isinstance(found, str) else None


def _transformer_folder(find: Find) -> str:
    """Return where the transformer lies among the parts of a sentence-transformers model."""
    modules = _read(find("modules.json"), list[_Module])
    path = modules[0].path if modules else ""
    return f"{path}/" if re.fullmatch(r"[\w-]+", path) else ""


def _longest(config: Mapping[str, Any], folder: str, find: Find) -> int:
    """Return how many tokens sentence-transformers reads of a text."""
    said = _read(find(f"{folder}sentence_bert_config.json"), dict[str, Any]) or {}
    if length := _first(said, "max_seq_length", default=0):
        return length
    tokenizer = _read(find(f"{folder}tokenizer_config.json"), dict[str, Any]) or {}
    positions = _first(config, "max_position_embeddings", "n_positions", default=512)
    return min(positions, _first(tokenizer, "model_max_length", default=positions))


def _count(folder: str, find: Find) -> int | None:
    """Count the numbers in the weights, by the headers of all their files."""
    index = _read(find(f"{folder}model.safetensors.index.json"), _Shards)
    names = {"model.safetensors"} if index is None else set(index.weight_map.values())
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


def _read(file: Path | None, type_: type[T]) -> T | None:
    """Return what a file says, None where it is absent, damaged or says something else."""
    if file is None:
        return None
    try:
        return msgspec.json.decode(file.read_bytes(), type=type_)
    except (OSError, msgspec.DecodeError):
        return None
