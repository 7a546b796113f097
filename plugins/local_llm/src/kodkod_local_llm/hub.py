"""Where a model is, and what tells its weights from others. Importing this imports no torch."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx2
from huggingface_hub import is_offline_mode, resolve_revision
from huggingface_hub.constants import HF_HUB_CACHE
from huggingface_hub.errors import (
    RepositoryNotFoundError,
    RevisionNotFoundError,
    RevisionResolutionError,
)
from msgspec import Struct

from kodkod.api import (
    LOCAL_MODELS,
    InvalidInputError,
    UnavailableError,
    allowed_roots,
    locate_model,
)

__all__ = ["Pretrained", "absent", "find_pretrained", "weights_mark"]

_SAMPLE = 2**20
_UNRESOLVED = (OSError, ValueError, RevisionResolutionError)


class Pretrained(Struct, frozen=True, kw_only=True):
    """A pretrained model: what the params call it, where it is, and the hub's commit of it."""

    name: str
    where: str
    commit: str | None

    @property
    def on_hub(self) -> bool:
        """Whether it is named as on the hub, rather than a folder of this machine."""
        return self.commit is not None

    def options(self) -> dict[str, Any]:
        """Return what each loader of transformers is told: no code of others, this version."""
        return {
            "cache_dir": HF_HUB_CACHE,
            "revision": self.commit or "main",
            "trust_remote_code": False,
            "local_files_only": is_offline_mode() or not self.on_hub,
        }


def find_pretrained(model: str, revision: str | None) -> Pretrained:
    """Return where a model is; of a hub model the commit is asked for if it is not at hand.

    Raises:
        InvalidInputError: there is no such model or version.
        UnavailableError: it is not on this machine and the hub does not answer.
    """
    place = locate_model(model, allowed_roots())
    if isinstance(place, Path):
        return Pretrained(name=model, where=str(place), commit=None)
    return Pretrained(name=model, where=model, commit=_commit(model, revision))


def weights_mark(found: Pretrained) -> str:
    """Return what tells a model's files from others: its commit, or a digest of its folder.

    Config and tokenizer count whole; of each file of weights the size, the first and the last
    MiB: reading all of it would take minutes.
    """
    if found.commit is not None:
        return found.commit
    digest = hashlib.sha256()
    for file in sorted(Path(found.where).iterdir()):
        if file.suffix in {".json", ".jinja", ".model"}:
            digest.update(f"{file.name} ".encode() + file.read_bytes())
        elif file.suffix == ".safetensors":
            with file.open("rb") as weights:
                size = weights.seek(0, 2)
                digest.update(f"{file.name} {size} ".encode())
                weights.seek(0)
                digest.update(weights.read(_SAMPLE))
                weights.seek(max(0, size - _SAMPLE))
                digest.update(weights.read(_SAMPLE))
    return digest.hexdigest()


def absent(name: str, reason: str) -> str:
    """Say that a model is not here, and how it can be brought."""
    return (
        f"model {name!r} is not on this machine and could not be fetched: {reason}. Where there is "
        f"internet, run `hf download {name}` and bring its folder here, into one that "
        f"{LOCAL_MODELS} names; or choose a model that is here"
    )


def _commit(model: str, revision: str | None) -> str:
    if Path(model).exists():
        raise UnavailableError(
            f"the server runs in a folder that has a {model!r} in it, which would hide the hub's "
            "model of that name; start it elsewhere"
        )
    try:
        # What is at hand is not asked for, so that work goes on without internet.
        return _resolved(model, revision, local=True)
    except _UNRESOLVED as error:
        if is_offline_mode():
            raise UnavailableError(absent(model, "HF_HUB_OFFLINE forbids to fetch it")) from error
    try:
        return _resolved(model, revision, local=False)
    except RepositoryNotFoundError as error:
        raise InvalidInputError(
            f"the hub has no public model {model!r}; check the name", field="model"
        ) from error
    except RevisionNotFoundError as error:
        raise InvalidInputError(
            f"the hub's model {model!r} has no version {revision!r}; check it", field="revision"
        ) from error
    except (*_UNRESOLVED, httpx2.HTTPError) as error:
        raise UnavailableError(absent(model, f"{type(error).__name__}: {error}"[:300])) from error


def _resolved(model: str, revision: str | None, *, local: bool) -> str:
    return resolve_revision(model, revision=revision, local_files_only=local).resolved
