"""What tells one training from another."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import numpy as np

from kodkod.api import TrainingSet

__all__ = ["fingerprint"]


def fingerprint(data: TrainingSet, params: Any, commit: str | None) -> str:
    """Return what names a training: another one has other params, texts, values or seed."""
    digest = hashlib.sha256(msgspec.json.encode([params, commit, data.labels, data.seed]))
    for text in data.batch.texts:
        digest.update(text.encode("utf-8", "replace") + b"\0")
    digest.update(np.ascontiguousarray(data.targets).tobytes())
    digest.update(repr(data.values).encode("utf-8", "replace"))
    return digest.hexdigest()
