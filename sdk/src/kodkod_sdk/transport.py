"""Requests and answers: Structs in, Structs out, problems raised."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakSet

import httpx
import msgspec
from msgspec import Struct

from kodkod_sdk.errors import NoAnswerError, problem_error
from kodkod_sdk.generated.contract import Problem, TokenGrant

__all__ = ["Page", "PasswordAuth", "TokenAuth", "Transport", "telling"]

T = TypeVar("T")
API = "/api/v1"


class Closes(Protocol):
    """What can be closed."""

    def close(self) -> None:
        """Close it."""
        ...


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """Part of a list, as the server gives it."""

    items: list[T]
    cursor: str | None = None


class TokenAuth(httpx.Auth):
    """Send a bearer token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Add the header."""
        request.headers["authorization"] = f"Bearer {self._token}"
        yield request


class PasswordAuth(httpx.Auth):
    """Sign in before the first request, and again when the session has ended."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url = f"{url}{API}/auth/token"
        self._form = {"username": username, "password": password, "grant_type": "password"}
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Fetch a token where there is none, and once more where it is refused."""
        known = self._token
        if known is None:
            self._read((yield self._sign_in()))
        request.headers["authorization"] = f"Bearer {self._token}"
        answer = yield request
        if answer.status_code == 401 and known is not None:
            self._read((yield self._sign_in()))
            request.headers["authorization"] = f"Bearer {self._token}"
            yield request

    def _sign_in(self) -> httpx.Request:
        return httpx.Request("POST", self._url, data=self._form)

    def _read(self, response: httpx.Response) -> None:
        # Read here: `requires_response_body` would read other answers whole too, and a stream of
        # events has no end.
        response.read()
        raise_problem(response)
        self._token = msgspec.json.decode(response.content, type=TokenGrant).access_token


class Transport:
    """One connection pool to one server. Paths are relative to `/api/v1`."""

    def __init__(self, url: str, auth: httpx.Auth | None, timeout: float) -> None:
        self._http = httpx.Client(base_url=url.rstrip("/") + API, auth=auth, timeout=timeout)
        self._timeout = timeout
        self.streams: WeakSet[Closes] = WeakSet()
        """What is open for longer than an answer, and ends with the client."""

    def close(self) -> None:
        """Close the connections."""
        for stream in list(self.streams):
            stream.close()
        self._http.close()

    def get(self, path: str, into: type[T], query: Mapping[str, Any] | None = None) -> T:
        """GET `path` and decode the answer."""
        return msgspec.json.decode(self._send("GET", path, query=query).content, type=into)

    def items(
        self, path: str, item: type[T], query: Mapping[str, Any] | None = None
    ) -> Iterator[T]:
        """Walk through a paged list, fetching each page when it is needed."""
        page = self.get(path, Page[item], query)
        yield from page.items
        while page.cursor is not None:
            page = self.get(path, Page[item], {**(query or {}), "cursor": page.cursor})
            yield from page.items

    def send(self, method: str, path: str, body: Struct | None, into: type[T]) -> T:
        """Send `body` as JSON and decode the answer."""
        return msgspec.json.decode(self._send(method, path, body=body).content, type=into)

    def post(self, path: str, body: Struct) -> None:
        """POST `body` as JSON; nothing comes back."""
        self._send("POST", path, body=body)

    def upload(self, path: str, file: Path, fields: Mapping[str, str]) -> httpx.Response:
        """Send a file and fields as multipart/form-data."""
        with file.open("rb") as stream:
            files = {"file": (file.name, stream, "application/octet-stream")}
            return self._send("POST", path, files=files, data=fields)

    def delete(self, path: str, query: Mapping[str, Any] | None = None) -> None:
        """DELETE `path`."""
        self._send("DELETE", path, query=query)

    @contextmanager
    def stream(self, path: str, query: Mapping[str, Any]) -> Generator[Iterator[bytes]]:
        """GET `path` and yield its bytes in chunks, never whole in memory."""
        with telling(), self._http.stream("GET", path, params=_plain(query)) as response:
            if response.is_error:
                response.read()
                raise_problem(response)
            yield response.iter_bytes()

    def open(
        self, path: str, query: Mapping[str, Any], headers: Mapping[str, str], quiet: float
    ) -> httpx.Response:
        """GET `path` and return when its head is there; read the rest and close it.

        Reading fails when nothing comes for `quiet` seconds.
        """
        timeout = httpx.Timeout(self._timeout, read=quiet)
        request = self._http.build_request(
            "GET", path, params=_plain(query), headers=headers, timeout=timeout
        )
        with telling():
            response = self._http.send(request, stream=True)
            if response.is_error:
                response.read()
        raise_problem(response)
        return response

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: Struct | None = None,
        query: Mapping[str, Any] | None = None,
        files: Any = None,
        data: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        headers = {"accept": "application/json"}
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            headers["content-type"] = "application/json"
        with telling():
            response = self._http.request(
                method,
                path,
                content=content,
                params=_plain(query or {}),
                files=files,
                data=data,
                headers=headers,
            )
        raise_problem(response)
        return response


def raise_problem(response: httpx.Response) -> None:
    """Raise what the server says is wrong.

    Raises:
        ProblemError: the status says so; the subclass follows the status.
    """
    if not response.is_error:
        return
    try:
        problem = msgspec.json.decode(response.content, type=Problem)
    except msgspec.MsgspecError:
        # Not from Kodkod: a proxy in front of it, or something else on that port.
        problem = Problem(
            type="about:blank",
            title=response.reason_phrase,
            status=response.status_code,
            detail=response.text[:500],
        )
    raise problem_error(problem)


@contextmanager
def telling() -> Generator[None]:
    """Say in the SDK's words that the server does not answer."""
    try:
        yield
    except httpx.TransportError as error:
        raise NoAnswerError(f"no answer from the server: {error}") from error


def _plain(query: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}
