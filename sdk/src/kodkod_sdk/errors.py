"""What the SDK raises, by who can mend it.

KodkodError
├── NoAnswerError            the server cannot be reached
├── ProblemError             the server refused; `problem` says why and what to do
│   ├── InvalidInputError        400, 413, 415, 422: something sent is not acceptable
│   ├── UnauthenticatedError     401: sign in
│   ├── ForbiddenError           403: signed in, but not allowed
│   ├── NotFoundError            404: no such thing, or not for this user
│   ├── ConflictError            409: the state forbids it now
│   └── ServerError              5xx: whoever runs the server can mend it
├── JobFailedError           a job ended without its result; `job` tells
└── WaitTimeoutError         what was waited for did not happen in time

A problem's `detail` says what happened and what to do; `type` is stable.
"""

from __future__ import annotations

from kodkod_sdk.generated.contract import JobView, Problem

__all__ = [
    "ConflictError",
    "ForbiddenError",
    "InvalidInputError",
    "JobFailedError",
    "KodkodError",
    "NoAnswerError",
    "NotFoundError",
    "ProblemError",
    "ServerError",
    "UnauthenticatedError",
    "WaitTimeoutError",
    "problem_error",
]


class KodkodError(Exception):
    """Root of all errors of the SDK."""


class NoAnswerError(KodkodError):
    """The server cannot be reached, or the connection broke."""


class ProblemError(KodkodError):
    """The server answered with a problem (RFC 9457)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.title} ({problem.status}): {problem.detail}")
        self.problem = problem


class InvalidInputError(ProblemError):
    """A field, a value or a file is not acceptable; `problem.field` names it."""


class UnauthenticatedError(ProblemError):
    """The token is missing, has expired or was revoked, or the password is wrong."""


class ForbiddenError(ProblemError):
    """The user may not do this."""


class NotFoundError(ProblemError):
    """No such thing, or none that this user may see."""


class ConflictError(ProblemError):
    """A name is taken, a job is running, a lease has lapsed."""


class ServerError(ProblemError):
    """The server, its disk or its services are in trouble."""


class JobFailedError(KodkodError):
    """A job failed or was cancelled."""

    def __init__(self, job: JobView) -> None:
        super().__init__(f"job {job.id} ({job.kind}) {job.state}: {job.error or job.message}")
        self.job = job


class WaitTimeoutError(KodkodError):
    """What was waited for did not happen in time; the server goes on."""


_BY_STATUS: dict[int, type[ProblemError]] = {
    401: UnauthenticatedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
}


def problem_error(problem: Problem) -> ProblemError:
    """Return the error for `problem`, chosen by its status."""
    if problem.status >= 500:
        return ServerError(problem)
    return _BY_STATUS.get(problem.status, InvalidInputError)(problem)
