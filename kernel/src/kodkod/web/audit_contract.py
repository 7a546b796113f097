"""The shapes of the audit log in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

__all__ = ["AuditEntry"]


class AuditEntry(Struct, frozen=True, kw_only=True):
    """Something that somebody did, or tried to: `status` is the answer's.

    `user` is null where nobody was signed in; `token` is the id of the session or API token.
    `target` is what of the address was variable, `sent` what came with it: without secrets and
    files, long texts and lists cut. `merged` failed attempts before this one have no entry.
    """

    seq: int
    at: datetime
    user: str | None
    token: str | None
    address: str
    operation: str
    project: str | None
    target: dict[str, str]
    sent: Any
    status: int
    merged: int
    request_id: str
