"""What a check is."""

from __future__ import annotations

from typing import Any, Protocol

__all__ = ["Check"]


class Check(Protocol):
    """A function that raises ContractBrokenError if the promise of its name is broken."""

    __name__: str

    def __call__(self, subject: Any, /) -> None:
        """Check the subject."""
        ...
