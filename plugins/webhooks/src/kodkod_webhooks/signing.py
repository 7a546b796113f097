"""Signatures as Standard Webhooks 1.0 describes them (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

__all__ = ["signature"]

_PREFIX = "whsec_"


def signature(keys: Sequence[str], id_: str, timestamp: int, body: bytes) -> str:
    """Return the value of `webhook-signature`: one for each key, separated by spaces."""
    signed = b"%b.%d.%b" % (id_.encode(), timestamp, body)
    return " ".join(f"v1,{_mac(key, signed)}" for key in keys)


def _mac(key: str, signed: bytes) -> str:
    raw = base64.b64decode(key.removeprefix(_PREFIX))
    return base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
