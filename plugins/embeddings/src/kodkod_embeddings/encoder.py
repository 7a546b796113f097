"""A sentence-transformers model in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import torch
from huggingface_hub import HfApi, is_offline_mode
from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer
from transformers.utils import logging

from kodkod.api import InvalidInputError, UnavailableError
from kodkod_embeddings.locate import LOCAL_MODELS

__all__ = ["commit_of", "load_encoder"]

HUB_SECONDS = 10.0
"""How long the hub may take to say what it has."""

_UNREADABLE = (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError, SafetensorError)


def load_encoder(where: Path | str, revision: str | None) -> SentenceTransformer:
    """Load a model from a folder, or by its hub name from the cache, else from the hub.

    Weights are read from safetensors only, and code that comes with a model is never run. On
    a GPU that can, it computes in bfloat16.

    Raises:
        InvalidInputError: the hub has no such model.
        UnavailableError: the model is not on this machine and cannot be had, or is damaged.
    """
    logging.disable_progress_bar()
    if isinstance(where, str) and Path(where).exists():
        raise UnavailableError(
            f"the server runs in a folder that has a {where!r} in it, which would hide the hub's "
            "model of that name; start it elsewhere"
        )
    try:
        return _load(where, revision, local=True)
    except _UNREADABLE as error:
        if isinstance(where, Path):
            raise UnavailableError(
                f"the model in {where.name!r} cannot be read ({_short(error)}); it takes a whole "
                "sentence-transformers folder with safetensors weights"
            ) from error
        if is_offline_mode():
            raise UnavailableError(_absent(where, "HF_HUB_OFFLINE forbids to fetch it")) from error
    return _fetch(where, revision)


def commit_of(encoder: SentenceTransformer) -> str | None:
    """Return the hub's commit that `encoder` was loaded from, None for a local folder."""
    return getattr(encoder.config, "_commit_hash", None)


def _fetch(name: str, revision: str | None) -> SentenceTransformer:
    try:
        # One question first: loading at once would try each file six times before giving up.
        commit = HfApi().model_info(name, revision=revision, timeout=HUB_SECONDS).sha
        return _load(name, commit, local=False)
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


def _load(where: Path | str, revision: str | None, *, local: bool) -> SentenceTransformer:
    on_gpu = torch.cuda.is_available()
    half = on_gpu and torch.cuda.is_bf16_supported(including_emulation=False)
    model_kwargs: dict[str, Any] = {
        "dtype": torch.bfloat16 if half else torch.float32,
        "use_safetensors": True,
    }
    encoder = SentenceTransformer(
        str(where),
        device="cuda" if on_gpu else "cpu",
        revision=revision,
        trust_remote_code=False,
        local_files_only=local,
        model_kwargs=model_kwargs,
    )
    return encoder.eval()


def _absent(name: str, reason: str) -> str:
    return (
        f"model {name!r} is not on this machine and could not be fetched: {reason}. Where there is "
        f"internet, run `hf download {name}` and bring its folder here, into one that "
        f"{LOCAL_MODELS} names; or choose a model that is here"
    )


def _short(error: BaseException) -> str:
    line = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {line[:200]}"
