"""What of a webhook is secret, sealed as one: where it is told, and the keys that sign it."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from kodkod.api import Destination
from kodkod.store.sealing import Sealer

__all__ = ["Keys", "new_key", "opened", "sealed"]

_BYTES = 32
_BOTH_SIGN = timedelta(hours=24)
"""So long the key before the newest signs too: time enough to put the new one into place."""


class Keys(Struct, frozen=True, kw_only=True):
    """An address and its keys, the newest first; none where what is told is not signed.

    Whoever calls before `both_until` is told with the signatures of both.
    """

    address: str
    keys: tuple[str, ...] = ()
    both_until: datetime | None = None

    def __repr__(self) -> str:
        """Leave out what is secret: a traceback needs it as little as a log."""
        return "Keys(...)"

    def renewed(self, time: datetime) -> Keys:
        """Return these with a new key in front."""
        return Keys(
            address=self.address,
            keys=(new_key(), *self.keys[:1]),
            both_until=time + _BOTH_SIGN,
        )

    def destination(self, time: datetime) -> Destination:
        """Return where to send, with the keys that sign now."""
        both = self.both_until is not None and time < self.both_until
        return Destination(address=self.address, secrets=self.keys[: 2 if both else 1])


def new_key() -> str:
    """Return a key as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sealed(sealer: Sealer, keys: Keys) -> str:
    """Return what to store.

    Raises:
        UnavailableError: the installation's own keys cannot be read or made.
    """
    return sealer.seal(msgspec.json.encode(keys).decode())


def opened(sealer: Sealer, stored: str) -> Keys:
    """Return what was sealed.

    Raises:
        InvalidInputError: it was sealed with another key, as after a restore.
        UnavailableError: the installation's own keys cannot be read.
    """
    return msgspec.json.decode(sealer.open(stored), type=Keys)
