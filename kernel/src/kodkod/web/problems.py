"""The only place that decides what the HTTP answer to an error is (RFC 9457)."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from msgspec import Struct
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from kodkod.api import (
    ConflictError,
    ForbiddenError,
    ImportProblemError,
    InvalidInputError,
    InvalidParamsError,
    InvalidValueError,
    KodkodError,
    NotFoundError,
    RequestError,
    UnauthenticatedError,
    UnavailableError,
)
from kodkod.jobs.disk import disk_errno
from kodkod.web.body_pace import SlowBodyError
from kodkod.web.contract import Problem
from kodkod.web.request_log import request_id

__all__ = ["EXCEPTION_HANDLERS", "MEDIA_TYPE", "TooManyAttemptsError", "problem_of"]

MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger("kodkod.web")


class TooManyAttemptsError(RequestError):
    """Somebody tries too often; `seconds` from now it may be tried again."""

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class _Kind(Struct, frozen=True):
    status: int
    name: str
    title: str


_INTERNAL = _Kind(500, "internal", "An error inside the server")
_UNAVAILABLE = _Kind(503, "unavailable", "Not to be had now")
_INVALID_REQUEST = _Kind(400, "invalid-request", "The request cannot be read")

# From special to general: the first that fits decides.
_KINDS: list[tuple[type[KodkodError], _Kind]] = [
    (ImportProblemError, _Kind(422, "import", "The file cannot be imported")),
    (InvalidParamsError, _Kind(422, "invalid-params", "Params are not acceptable")),
    (InvalidValueError, _Kind(422, "invalid-value", "The value does not fit the scheme")),
    (InvalidInputError, _Kind(422, "invalid-input", "The input is not acceptable")),
    (UnauthenticatedError, _Kind(401, "unauthenticated", "Not signed in")),
    (ForbiddenError, _Kind(403, "forbidden", "Not allowed")),
    (NotFoundError, _Kind(404, "not-found", "Not found")),
    (ConflictError, _Kind(409, "conflict", "Not possible now")),
    (SlowBodyError, _Kind(408, "too-slow", "The request came too slowly")),
    (TooManyAttemptsError, _Kind(429, "too-many-attempts", "Too many attempts")),
    (RequestError, _INVALID_REQUEST),
    (UnavailableError, _UNAVAILABLE),
]
_HTTP_NAMES = {
    400: _INVALID_REQUEST,
    404: _Kind(404, "not-found", "Not found"),
    405: _Kind(405, "method-not-allowed", "Method not allowed"),
    413: _Kind(413, "too-large", "The request is too large"),
}
_FULL_OR_BROKEN = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
)
_UNREACHABLE = (OperationalError, InterfaceError, DisconnectionError, PoolTimeoutError)


def problem_of(error: Exception, path: str) -> tuple[Problem, Mapping[str, str]]:
    """Return the problem that tells of `error`, and the headers that go with it."""
    if isinstance(error, KodkodError):
        return _deliberate(error)
    if isinstance(error, HTTPException) and error.status_code < 500:
        return _of_framework(error, path)
    if isinstance(error, msgspec.ValidationError | msgspec.DecodeError):
        return _problem(_INVALID_REQUEST, str(error)), {}
    if (disk_errno(error) or getattr(error, "errno", None)) in _FULL_OR_BROKEN:
        detail = "The server's disk is full or cannot be written; tell the administrator."
        return _problem(_UNAVAILABLE, detail), {}
    if isinstance(error, _UNREACHABLE):
        return _problem(_UNAVAILABLE, "The database does not answer now; try again soon."), {}
    return _problem(
        _INTERNAL,
        "This is a fault of the server, not of your request. Tell the administrator the "
        "request_id: the server's log has the details under it.",
    ), {}


def _deliberate(error: KodkodError) -> tuple[Problem, Mapping[str, str]]:
    kind = next((kind for type_, kind in _KINDS if isinstance(error, type_)), None)
    if kind is None:
        return problem_of(RuntimeError(), "")  # A plugin's fault, or one of ours.
    headers: dict[str, str] = {}
    if isinstance(error, UnauthenticatedError):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyAttemptsError):
        headers["Retry-After"] = str(error.seconds)
    return _problem(
        kind,
        error.message,
        field=getattr(error, "field", None),
        line=getattr(error, "line", None),
        column=error.field if isinstance(error, ImportProblemError) else None,
        job=error.job if isinstance(error, ConflictError) else None,
    ), headers


def _of_framework(error: HTTPException, path: str) -> tuple[Problem, Mapping[str, str]]:
    status = error.status_code
    phrase = HTTPStatus(status).phrase
    kind = _HTTP_NAMES.get(status) or _Kind(status, phrase.lower().replace(" ", "-"), phrase)
    headers = dict(error.headers or {})
    if status == 404:
        return _problem(kind, f"There is nothing at {path}."), headers
    if status == 405:
        allowed = headers.get("allow", "")
        return _problem(kind, f"{path} does not take this method, only {allowed}."), headers
    if status == 413:
        return _problem(kind, "The body is larger than this address takes."), headers
    if isinstance(error, ValidationException):
        detail, field = _what_is_invalid(error)
        return _problem(kind, detail, field=field), headers
    return _problem(kind, error.detail), headers


def _what_is_invalid(error: ValidationException) -> tuple[str, str | None]:
    extra = error.extra if isinstance(error.extra, list) else []
    faults = [fault for fault in extra if isinstance(fault, dict) and "message" in fault]
    if not faults:
        return error.detail, None
    detail = "; ".join(
        f"{fault.get('source', 'request')} {fault.get('key', '')}: {fault['message']}"
        for fault in faults
    )
    return detail, faults[0].get("key")


def _problem(kind: _Kind, detail: str, **members: Any) -> Problem:
    return Problem(
        type=f"/problems/{kind.name}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        **members,
    )


def _answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    problem, headers = problem_of(error, request.scope["path"])
    if problem.status >= 500:
        id_ = request_id(request.scope)
        problem = msgspec.structs.replace(problem, request_id=id_)
        _log.error("request failed", path=request.scope["path"], exc_info=error)
        if (services := request.app.state.get("services")) is not None:
            services.traffic.note_failure(request.scope, id_, problem.status, error)
    return Response(
        msgspec.json.encode(problem),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    HTTPException: _answer,
    KodkodError: _answer,
    Exception: _answer,
}
