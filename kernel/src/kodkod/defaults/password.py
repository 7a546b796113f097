"""Sign-in by password, kept as argon2id hashes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from kodkod.api import (
    ComponentSpec,
    InvalidInputError,
    Params,
    SignIn,
    SignInSpec,
    hookimpl,
    medium,
)

API = "1.0"

_LONGEST = 1024


class PasswordParams(Params, frozen=True):
    """What a password must be."""

    min_length: Annotated[int, medium("Shortest password, in characters", ge=1, le=_LONGEST)] = 8


class Password(SignIn[PasswordParams]):
    """argon2id with the parameters that pwdlib recommends."""

    def check(self, secret: str, stored: str) -> bool:
        """Compare; takes some 200 ms, on purpose."""
        from pwdlib import PasswordHash
        from pwdlib.exceptions import PwdlibError

        if len(secret) > _LONGEST:
            return False
        try:
            return PasswordHash.recommended().verify(secret, stored)
        except PwdlibError:
            return False

    def enroll(self, secret: str) -> str:
        """Return the hash."""
        from pwdlib import PasswordHash

        if len(secret) < self.params.min_length:
            raise InvalidInputError(
                f"The password needs {self.params.min_length} characters or more.",
                field="password",
            )
        if len(secret) > _LONGEST:
            raise InvalidInputError(
                f"The password has over {_LONGEST} characters.", field="password"
            )
        return PasswordHash.recommended().hash(secret)


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the back end."""
    yield SignInSpec(
        name="password",
        title="Password",
        summary="Username and password, hashed by argon2id",
        factory="kodkod.defaults.password:Password",
        params=PasswordParams,
    )
