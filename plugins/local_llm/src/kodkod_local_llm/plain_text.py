"""Texts as tokenizers take them."""

from __future__ import annotations

__all__ = ["encodable"]


def encodable(text: str) -> str:
    """Return a text whose lone surrogates, which some exports of tweets have, are `?`."""
    return text.encode("utf-8", "replace").decode()
