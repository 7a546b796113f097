"""Everything Kodkod raises on purpose, by who can mend it.

    KodkodError
    ├── RequestError             the caller can mend it
    │   ├── InvalidInputError        a field, a value or a file is not acceptable
    │   │   ├── InvalidParamsError       a component's params
    │   │   ├── InvalidValueError        an annotation's value
    │   │   └── ImportProblemError       a file's row or column
    │   ├── UnauthenticatedError     nobody is signed in
    │   ├── ForbiddenError           signed in, but not allowed
    │   ├── NotFoundError            no such thing, or not for this user
    │   └── ConflictError            the state forbids it now
    ├── PluginError              a plugin's author can mend it
    └── UnavailableError         whoever runs the installation can mend it

    Cancelled (BaseException)    a job was asked to stop

A message says what happened, to which row or name, and what to do. Which HTTP status an error
gets is decided in `kodkod.web.problems` alone.
"""

from __future__ import annotations

__all__ = [
    "Cancelled",
    "ConflictError",
    "ForbiddenError",
    "ImportProblemError",
    "InvalidInputError",
    "InvalidParamsError",
    "InvalidValueError",
    "KodkodError",
    "NotFoundError",
    "PluginError",
    "RequestError",
    "UnauthenticatedError",
    "UnavailableError",
]


class KodkodError(Exception):
    """Root of all deliberate errors."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RequestError(KodkodError):
    """The caller asked for something that cannot be done as asked."""


class InvalidInputError(RequestError):
    """A field, a value or a file is not acceptable; `field` names it where it has a name."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InvalidParamsError(InvalidInputError):
    """A component's params are unknown, of the wrong type or out of bounds."""


class InvalidValueError(InvalidInputError):
    """An annotation's value does not fit its scheme."""


class ImportProblemError(InvalidInputError):
    """A file cannot be read as a corpus; `line` (1-based, in the file) and `column` say where."""

    def __init__(self, message: str, *, line: int | None = None, column: str | None = None) -> None:
        super().__init__(message, field=column)
        self.line = line
        self.column = column


class UnauthenticatedError(RequestError):
    """Nobody is signed in, or the token has expired or was revoked."""


class ForbiddenError(RequestError):
    """The user is known and may not do this."""


class NotFoundError(RequestError):
    """No such thing, or none that this user may see."""


class ConflictError(RequestError):
    """The state forbids it now: a name is taken, a job is running, a lease has lapsed.

    `job` is the id of the job that stands in the way, where it is one.
    """

    def __init__(self, message: str, *, job: str | None = None) -> None:
        super().__init__(message)
        self.job = job


class PluginError(KodkodError):
    """A plugin breaks its contract."""


class UnavailableError(KodkodError):
    """Disk, database, broker or a model on disk is not to be had now."""


class Cancelled(BaseException):
    """A job was asked to stop.

    Derives from BaseException so that a component's `except Exception` cannot swallow it.
    """
