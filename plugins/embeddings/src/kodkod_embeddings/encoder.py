"""A sentence-transformers model in memory, or a plain transformers model made into one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import torch
from huggingface_hub import is_offline_mode, resolve_revision
from huggingface_hub.constants import HF_HUB_CACHE
from huggingface_hub.errors import (
    RepositoryNotFoundError,
    RevisionNotFoundError,
    RevisionResolutionError,
)
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling as PoolingModule
from transformers.utils import logging

from kodkod.api import LOCAL_MODELS, InvalidInputError, UnavailableError, is_out_of_memory
from kodkod_embeddings.allocation import keep_freed_memory
from kodkod_embeddings.params import Pooling

__all__ = ["Encoder", "load_encoder"]

_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    ImportError,
    SafetensorError,
    RevisionResolutionError,
)

_TOO_LARGE = (
    "there is too little memory for the model {!r} itself; choose a smaller one, or run it where "
    "more is free"
)


class Encoder(NamedTuple):
    """A loaded model, and the hub's commit that it is (None for a local folder)."""

    model: SentenceTransformer
    commit: str | None


def load_encoder(where: Path | str, revision: str | None, pooling: Pooling = "auto") -> Encoder:
    """Load a model from a folder, or by its hub name from the cache, else from the hub.

    `pooling` goes over the model's own. Weights are read from safetensors only, and code that
    comes with a model is never run. On a GPU that can, it computes in bfloat16. `revision` says
    nothing of a folder.

    Raises:
        InvalidInputError: the hub has no such model or version.
        UnavailableError: the model is not on this machine and cannot be had, is damaged, or does
            not fit into memory.
    """
    logging.disable_progress_bar()
    keep_freed_memory()
    found = _find(where, revision)
    _pool(found.model, pooling)
    return found


def _find(where: Path | str, revision: str | None) -> Encoder:
    if isinstance(where, Path):
        return Encoder(_load_folder(where), None)
    if Path(where).exists():
        raise UnavailableError(
            f"the server runs in a folder that has a {where!r} in it, which would hide the hub's "
            "model of that name; start it elsewhere"
        )
    try:
        return _load_hub(where, revision, local=True)
    except _UNREADABLE as error:
        if is_offline_mode():
            raise UnavailableError(_absent(where, "HF_HUB_OFFLINE forbids to fetch it")) from error
    return _fetch(where, revision)


def _pool(model: SentenceTransformer, pooling: Pooling) -> None:
    """Choose the pooling, and see that texts can be padded."""
    modules = [module for module in model if isinstance(module, PoolingModule)]
    if pooling != "auto":
        if not modules:
            raise InvalidInputError(
                "the model gives one vector a text by itself; leave pooling at auto",
                field="pooling",
            )
        for module in modules:
            own = module.pooling_output_dimension
            module.pooling_mode = "lasttoken" if pooling == "last" else pooling
            module.pooling_output_dimension = module.embedding_dimension
            if own != module.pooling_output_dimension:
                raise InvalidInputError(
                    "the model joins several poolings, and what follows needs all of them; leave "
                    "pooling at auto",
                    field="pooling",
                )
    if model.tokenizer.pad_token is None:
        model.tokenizer.pad_token = model.tokenizer.eos_token


def _load_folder(folder: Path) -> SentenceTransformer:
    try:
        return _load(str(folder), None, local=True)
    except _UNREADABLE as error:
        raise UnavailableError(
            f"the model in {folder.name!r} cannot be read ({_short(error)}); it takes a whole "
            "sentence-transformers or transformers folder with safetensors weights"
        ) from error


def _fetch(name: str, revision: str | None) -> Encoder:
    try:
        return _load_hub(name, revision, local=False)
    except RepositoryNotFoundError as error:
        raise InvalidInputError(
            f"the hub has no public model {name!r}; check the name", field="model"
        ) from error
    except RevisionNotFoundError as error:
        raise InvalidInputError(
            f"the hub's model {name!r} has no version {revision!r}; check it", field="revision"
        ) from error
    except (*_UNREADABLE, httpx2.HTTPError) as error:
        raise UnavailableError(_absent(name, _short(error))) from error


def _load_hub(name: str, revision: str | None, *, local: bool) -> Encoder:
    # Without it, each file would be asked for six times where there is no internet.
    commit = resolve_revision(name, revision=revision, local_files_only=local).resolved
    return Encoder(_load(name, commit, local=local), commit)


def _load(where: str, commit: str | None, *, local: bool) -> SentenceTransformer:
    on_gpu = torch.cuda.is_available()
    half = on_gpu and torch.cuda.is_bf16_supported(including_emulation=False)
    model_kwargs: dict[str, Any] = {
        "dtype": torch.bfloat16 if half else torch.float32,
        "use_safetensors": True,
    }
    try:
        model = SentenceTransformer(
            where,
            device="cuda" if on_gpu else "cpu",
            cache_folder=HF_HUB_CACHE,
            revision=commit,
            trust_remote_code=False,
            local_files_only=local,
            model_kwargs=model_kwargs,
        )
    except (RuntimeError, MemoryError) as error:
        if is_out_of_memory(error):
            raise UnavailableError(_TOO_LARGE.format(Path(where).name)) from error
        raise
    return model.eval()


def _absent(name: str, reason: str) -> str:
    return (
        f"model {name!r} is not on this machine and could not be fetched: {reason}. Where there is "
        f"internet, run `hf download {name}` and bring its folder here, into one that "
        f"{LOCAL_MODELS} names; or choose a model that is here"
    )


def _short(error: BaseException) -> str:
    line = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {line[:200]}"
