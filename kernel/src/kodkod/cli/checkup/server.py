"""The server, if one runs at the address of the settings."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import msgspec

from kodkod import __version__
from kodkod.cli.checkup.finding import Case, Finding, ok, problem, warning
from kodkod.web.annotating_contract import Health

__all__ = ["check_server"]

_SECONDS = 5.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - only read


def check_server(case: Case) -> Iterator[Finding]:
    """Ask for its health. That none runs is no fault."""
    settings = case.settings
    where = f"{settings.host}:{settings.port}"
    connection = http.client.HTTPConnection(
        _EVERYWHERE.get(settings.host, settings.host), settings.port, timeout=_SECONDS
    )
    try:
        connection.request("GET", "/api/v1/health")
        health = msgspec.json.decode(connection.getresponse().read(), type=Health)
    except ConnectionRefusedError:
        yield ok("server", f"None runs at {where}")
        return
    except OSError as error:
        mend = "See whether it hangs: its log says what it does."
        yield warning("server", f"{where} does not answer: {error}", mend)
        return
    except (msgspec.DecodeError, http.client.HTTPException):
        mend = "End that program, or choose another port with --port."
        yield problem("server", f"Another program listens at {where}.", mend)
        return
    finally:
        connection.close()
    yield from _told(health, where)


def _told(health: Health, where: str) -> Iterator[Finding]:
    if not health.problems:
        yield ok("server", f"Kodkod {health.version} at {where} is well, {health.workers} workers")
    for said in health.problems:
        yield warning("server", said, "The server's log has the details.")
    if health.version != __version__:
        mend = "Restart it."
        yield warning("server", f"It runs {health.version}; {__version__} is installed.", mend)
