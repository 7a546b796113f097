"""Sign-in with a password."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from kodkod.api import ComponentSpec, Params, SignInSpec, hookimpl, medium

API = "2.0"


class PasswordParams(Params, frozen=True):
    """What a password must be."""

    min_length: Annotated[
        int, medium("Shortest password that is accepted, in characters", ge=8, le=128)
    ] = 8


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the password."""
    yield SignInSpec(
        name="password",
        title="Password",
        summary="User name and password, kept here as an argon2 hash",
        factory="kodkod.defaults.password_check:PasswordCheck",
        params=PasswordParams,
    )
