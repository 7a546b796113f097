"""Promises of ways to sign in."""

from __future__ import annotations

from kodkod.api import InvalidInputError, SignIn
from kodkod.testing.material import HOSTILE_TEXTS
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_SECRET = "Correct horse 9 battery staple!"  # noqa: S105 - of nobody


def right_secret_only(subject: Subject) -> None:
    """What was enrolled opens, and nothing near it does."""
    back_end: SignIn = subject.build()
    stored = back_end.enroll(_SECRET)
    require(_SECRET not in stored, "the secret itself is not stored")
    require(back_end.check(_SECRET, stored), "the right secret opens")
    for wrong in ("", _SECRET[:-1], _SECRET + " ", _SECRET.lower()):
        require(not back_end.check(wrong, stored), f"a wrong secret does not open: {wrong!r}")


def salted(subject: Subject) -> None:
    """Two people with one secret have different things stored."""
    back_end: SignIn = subject.build()
    require(back_end.enroll(_SECRET) != back_end.enroll(_SECRET), "what is stored is salted")


def hostile_secrets(subject: Subject) -> None:
    """Any text is checked, or refused by a message for users."""
    back_end: SignIn = subject.build()
    stored = back_end.enroll(_SECRET)
    for secret in (*HOSTILE_TEXTS, "\ud800 half a character"):
        require(not back_end.check(secret, stored), "a hostile secret does not open")
        try:
            back_end.enroll(secret)
        except InvalidInputError as error:
            require(bool(error.message), "a refusal says why")


def nothing_opens_what_is_not_stored(subject: Subject) -> None:
    """An empty or foreign stored value matches nothing, and is no error."""
    back_end: SignIn = subject.build()
    for stored in ("", _SECRET, "$argon2id$v=19$broken", "\x00"):
        require(not back_end.check(_SECRET, stored), f"{stored!r} was stored by nobody")


CHECKS = (right_secret_only, salted, hostile_secrets, nothing_opens_what_is_not_stored)
