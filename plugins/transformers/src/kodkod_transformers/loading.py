"""Pretrained models and tokenizers: from an allowed folder, the hub's cache, or the hub."""

from __future__ import annotations

import logging as python_logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import httpx2
import torch
from huggingface_hub import is_offline_mode, resolve_revision
from huggingface_hub.constants import HF_HUB_CACHE
from huggingface_hub.errors import (
    RepositoryNotFoundError,
    RevisionNotFoundError,
    RevisionResolutionError,
)
from msgspec import Struct
from safetensors import SafetensorError
from transformers import AutoConfig, AutoTokenizer, PreTrainedTokenizerBase
from transformers.utils import logging

from kodkod.api import (
    LOCAL_MODELS,
    InvalidInputError,
    UnavailableError,
    allowed_roots,
    is_out_of_memory,
    locate_model,
)

__all__ = ["Pretrained", "find_pretrained", "load_tokenizer", "load_weights", "quiet"]

M = TypeVar("M", covariant=True)

_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,
    ImportError,
    SafetensorError,
    RevisionResolutionError,
)


class Pretrained(Struct, frozen=True, kw_only=True):
    """A pretrained model: what the params call it, where it is, and the hub's commit of it."""

    name: str
    where: str
    commit: str | None

    @property
    def on_hub(self) -> bool:
        """Whether it is named as on the hub, rather than a folder of this machine."""
        return self.where == self.name and not Path(self.where).is_absolute()

    def options(self) -> dict[str, Any]:
        """Return what each loader of transformers is told: no code of others, this version."""
        return {
            "cache_dir": HF_HUB_CACHE,
            "revision": self.commit or "main",
            "trust_remote_code": False,
            "local_files_only": is_offline_mode() or not self.on_hub,
        }


class Loader(Protocol[M]):
    """One of transformers' auto classes."""

    def from_pretrained(self, name: str, /, **options: Any) -> M: ...


def find_pretrained(model: str, revision: str | None) -> tuple[Pretrained, Any]:
    """Return where a model is, and its config; a hub model is fetched if it must be.

    Raises:
        InvalidInputError: there is no such model or version, or it needs code of its own.
        UnavailableError: it is not on this machine and cannot be had, or is damaged.
    """
    place = locate_model(model, allowed_roots())
    if isinstance(place, Path):
        found = Pretrained(name=model, where=str(place), commit=None)
    else:
        found = Pretrained(name=model, where=model, commit=_commit(model, revision))
    with _explained(found), quiet():
        return found, AutoConfig.from_pretrained(found.where, **found.options())


def load_tokenizer(found: Pretrained) -> PreTrainedTokenizerBase:
    """Return the model's tokenizer.

    Raises:
        UnavailableError: it cannot be had, or is damaged.
    """
    with _explained(found), quiet():
        tokenizer: Any = AutoTokenizer.from_pretrained(found.where, **found.options())
        return tokenizer


def load_weights(loader: Loader[M], found: Pretrained, **options: Any) -> M:
    """Return the model by one of transformers' auto classes, in float32 unless `dtype` is given.

    Weights are read from safetensors only, and code that comes with a model is never run.

    Raises:
        InvalidInputError: it has no weights as safetensors, or needs code of its own.
        UnavailableError: it cannot be had, is damaged or does not fit into memory.
    """
    given = {"dtype": torch.float32, "use_safetensors": True, **found.options(), **options}
    with _explained(found), quiet():
        return loader.from_pretrained(found.where, **given)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from writing bars and lists of new layers, which are meant to be new."""
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(python_logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _commit(model: str, revision: str | None) -> str | None:
    if Path(model).exists():
        raise UnavailableError(
            f"the server runs in a folder that has a {model!r} in it, which would hide the hub's "
            "model of that name; start it elsewhere"
        )
    try:
        # What is at hand is not asked for, so that work goes on without internet.
        return resolve_revision(model, revision=revision, local_files_only=True).resolved
    except _UNREADABLE as error:
        if is_offline_mode():
            raise UnavailableError(_absent(model, "HF_HUB_OFFLINE forbids to fetch it")) from error
    try:
        return resolve_revision(model, revision=revision, local_files_only=False).resolved
    except RepositoryNotFoundError as error:
        raise InvalidInputError(
            f"the hub has no public model {model!r}; check the name", field="model"
        ) from error
    except RevisionNotFoundError as error:
        raise InvalidInputError(
            f"the hub's model {model!r} has no version {revision!r}; check it", field="revision"
        ) from error
    except (*_UNREADABLE, httpx2.HTTPError) as error:
        raise UnavailableError(_absent(model, _short(error))) from error


@contextmanager
def _explained(found: Pretrained) -> Iterator[None]:
    """Turn what transformers raises into what a user can act on."""
    try:
        yield
    except (*_UNREADABLE, httpx2.HTTPError, MemoryError) as error:
        raise _reason(found, error) from error


def _reason(found: Pretrained, error: BaseException) -> InvalidInputError | UnavailableError:
    said = str(error)
    if is_out_of_memory(error):
        return UnavailableError(
            f"there is too little memory for the model {found.name!r} itself; choose a smaller "
            "one, or run it where more is free"
        )
    if "trust_remote_code" in said or "custom code" in said:
        return InvalidInputError(
            f"the model {found.name!r} brings code of its own, which is never run here; choose one "
            "whose architecture transformers has",
            field="model",
        )
    if "safetensors" in said and not isinstance(error, SafetensorError):
        return InvalidInputError(
            f"the model {found.name!r} has no weights as safetensors, and pickled ones may run "
            "code; load it where it is trusted, `save_pretrained` it, and name that folder",
            field="model",
        )
    if found.on_hub:
        return UnavailableError(_absent(found.name, _short(error)))
    return UnavailableError(
        f"the model in {Path(found.where).name!r} cannot be read ({_short(error)}); it takes a "
        "whole folder of transformers: config.json, tokenizer and safetensors weights"
    )


def _absent(name: str, reason: str) -> str:
    return (
        f"model {name!r} is not on this machine and could not be fetched: {reason}. Where there is "
        f"internet, run `hf download {name}` and bring its folder here, into one that "
        f"{LOCAL_MODELS} names; or choose a model that is here"
    )


def _short(error: BaseException) -> str:
    line = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {line[:200]}"
