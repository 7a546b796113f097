"""A small corpus of the project's own, so that a first start has texts to annotate.

360 comments of residents of an invented town (scripts/demo_corpus.py writes them), with the
topic that each was written for. The test split comes coded; the rest waits for the user.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["DEMO_CONFIG", "DEMO_SCHEME", "demo_file"]

_HERE = Path(__file__).parent

DEMO_CONFIG: dict[str, Any] = {
    "name": "Demo: comments to a town council",
    "id_column": "id",
    "text_columns": ["text"],
    "label_columns": ["topic"],
    "context_columns": ["date", "source", "district"],
    "language": "en",
    "split": {"valid": 40, "test": 80, "seed": 1, "stratify_by": "topic"},
}
"""A ProjectConfig, as a request would send it."""

DEMO_SCHEME: dict[str, Any] = {
    "name": "topic",
    "type": "multiclass",
    "labels": ["transport", "housing", "parks", "waste", "safety", "culture"],
    "codebook": (_HERE / "codebook.md").read_text(encoding="utf-8"),
    "from_column": "topic",
    "import_splits": ["test"],
}
"""A NewScheme, as a request would send it."""


def demo_file() -> Path:
    """Return the corpus as a CSV file."""
    return _HERE / "comments.csv"
