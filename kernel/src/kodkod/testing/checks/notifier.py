"""Promises of notifiers that can be held without anybody who listens."""

from __future__ import annotations

from kodkod.api import InvalidInputError, Notifier
from kodkod.testing.material import HOSTILE_TEXTS
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_SECRET = "s3cret-part-of-an-address"  # noqa: S105 - of nobody


def what_is_no_address_is_refused(subject: Subject) -> None:
    """Any text is checked, and refused by a message for users that does not repeat it."""
    notifier: Notifier = subject.build()
    for text in ("", *HOSTILE_TEXTS, f"no address {_SECRET}"):
        try:
            shown = notifier.check(text)
        except InvalidInputError as error:
            require(bool(error.message), "a refusal says why")
            require(_SECRET not in error.message, "a refusal does not repeat the address")
        else:
            require(_SECRET not in shown, "what is shown of an address has nothing secret")


CHECKS = (what_is_no_address_is_refused,)
