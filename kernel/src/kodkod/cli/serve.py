"""`kodkod serve`: web server and workers in the foreground."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Annotated, cast

import msgspec
import uvicorn
import uvloop
from cyclopts import Parameter

from kodkod.api import UnavailableError
from kodkod.cli.flags import Config, SettingsFlags, settings_from
from kodkod.jobs.supervisor import Supervisor
from kodkod.logs import configure_logs
from kodkod.settings import Settings
from kodkod.web.app import create_app
from kodkod.web.demo import load_demo
from kodkod.web.services import Services

if TYPE_CHECKING:
    from litestar import Litestar

__all__ = ["serve"]

_GRACE_SECONDS = 5
_KEEP_ALIVE_SECONDS = 75  # An annotator reads for a while between two requests.


def serve(
    *,
    config: Config = None,
    demo: Annotated[
        bool, Parameter(help="Load a demo project at the first start.", negative=())
    ] = False,
    flags: SettingsFlags | None = None,
) -> None:
    """Start the server and its workers; Ctrl-C ends both."""
    settings = settings_from(config, flags)
    configure_logs(settings.log_level)
    listening = _listen(settings)
    port = listening.getsockname()[1]
    settings = msgspec.structs.replace(settings, port=port)
    os.environ |= settings.environment()  # Plugins read their settings there.
    with listening, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(settings, listening, demo=demo))


def _listen(settings: Settings) -> socket.socket:
    where = f"{settings.host}:{settings.port}"
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        listening = socket.socket(family, kind)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(1024)
    except OSError as error:
        raise UnavailableError(
            f"Cannot listen on {where}: {error.strerror or error}. If another program has the "
            "port, end it or choose another with --port."
        ) from error
    return listening


class _Server(uvicorn.Server):
    """Leaves signals to `_run`: uvicorn would end the process before the workers have ended."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the event streams first: they would be waited for, and then cut off."""
        app = cast("Litestar", self.config.app)
        app.state.services.events.close()
        await super().shutdown(sockets)


async def _run(settings: Settings, listening: socket.socket, *, demo: bool) -> None:
    app = create_app(settings)
    server = _Server(
        uvicorn.Config(
            app,
            lifespan="off",  # Opened here, so that what goes wrong is told in one line.
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            http="httptools",
            timeout_graceful_shutdown=_GRACE_SECONDS,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, server.handle_exit, number, None)
    async with app.lifespan(), _workers(settings, app.state.services):
        if demo:
            await load_demo(app.state.services)
        print(f"  Kodkod is ready at http://{settings.host}:{settings.port}", flush=True)
        await server.serve(sockets=[listening])


@asynccontextmanager
async def _workers(settings: Settings, services: Services) -> AsyncIterator[None]:
    supervisor = Supervisor(settings, died=services.dispatcher.worker_died)
    services.supervisor = supervisor
    try:
        await supervisor.start()
        yield
    finally:
        await supervisor.stop()
