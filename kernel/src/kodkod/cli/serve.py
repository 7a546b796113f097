"""`kodkod serve`: web server and workers in the foreground."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Annotated, cast

import msgspec
import uvicorn
import uvloop
from cyclopts import Parameter
from threadpoolctl import threadpool_limits

from kodkod.api import UnavailableError
from kodkod.cli.flags import Config, SettingsFlags, settings_from
from kodkod.cli.restoring import Restored, asked, restore_staged
from kodkod.jobs.supervisor import Supervisor
from kodkod.logs import configure_logs
from kodkod.settings import Settings
from kodkod.store.backup.asking import serving
from kodkod.store.backup.ground import Ground
from kodkod.store.backup.moving import check_quiet
from kodkod.store.backup.replacing import recover
from kodkod.store.files import make_data_dir
from kodkod.web.app import create_app
from kodkod.web.demo import load_demo
from kodkod.web.services import Services

if TYPE_CHECKING:
    from litestar import Litestar

__all__ = ["serve"]

_GRACE_SECONDS = 5
_KEEP_ALIVE_SECONDS = 75  # An annotator reads for a while between two requests.
_OPEN_FILES = 16_384


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
    _open_many_files()
    # Orders are worked out beside the event loop: products on all cores would starve it.
    threadpool_limits(1, user_api="blas")
    listening = _listen(settings)
    port = listening.getsockname()[1]
    settings = msgspec.structs.replace(settings, port=port)
    os.environ |= settings.environment()  # Plugins read their settings there.
    make_data_dir(settings.data_dir)
    with (
        listening,
        serving(settings.data_dir),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_run(settings, listening, demo=demo))


def _settle() -> None:
    """Leave what is there by now out of every further search for garbage.

    Modules, routes and plugins are some 250,000 objects that stay until the process ends. Each
    full search that has to pass them by keeps everybody waiting for a fifth of a second.
    """
    gc.collect()
    gc.freeze()


def _open_many_files() -> None:
    """Raise this process's limit as far as it may: each listener of events is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


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


class _Signals:
    """Ctrl-C and SIGTERM: they end the server, or keep it from being started again."""

    def __init__(self) -> None:
        self.heard = False
        self.server: _Server | None = None
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._hear, number)

    def _hear(self, number: int) -> None:
        self.heard = True
        if self.server is not None:
            self.server.handle_exit(number, None)


async def _run(settings: Settings, listening: socket.socket, *, demo: bool) -> None:
    """Serve; where a command asks for it, restore what it has staged, and serve again.

    Whoever calls meanwhile waits: the socket listens all the time.
    """
    ground, signals = Ground.of(settings), _Signals()
    await recover(ground)
    restored: Restored | None = None
    while not signals.heard:
        try:
            check_quiet(ground)  # With half of an installation it would begin a new one.
            token = await _serve(settings, listening, signals, demo=demo, restored=restored)
        except Exception as error:
            if restored is not None:
                restored.tell(ground, f"The server does not start again: {error}")
            raise
        if token is None:
            return
        demo, restored = False, await restore_staged(ground, token)
    if restored is not None:
        restored.tell(ground)


async def _serve(
    settings: Settings,
    listening: socket.socket,
    signals: _Signals,
    *,
    demo: bool,
    restored: Restored | None,
) -> str | None:
    """Serve until a signal (None) or a request to restore (its token)."""
    app = create_app(settings)
    server = signals.server = _Server(
        uvicorn.Config(
            app,
            lifespan="off",  # Opened here, so that what goes wrong is told in one line.
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # What a proxy says is read where the setting is known.
            ws="none",
            http="httptools",
            timeout_graceful_shutdown=_GRACE_SECONDS,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
    )
    async with app.lifespan(), _workers(settings, app.state.services) as supervisor:
        if demo:
            await load_demo(app.state.services)
        print(f"  Kodkod is ready at http://{settings.host}:{settings.port}", flush=True)
        if restored is not None:
            restored.tell(Ground.of(settings))
        _settle()

        async def end_when_asked() -> str:
            token = await asked(settings.data_dir)
            await supervisor.stop()  # Annotators go on while jobs are put back.
            server.should_exit = True
            return token

        ending = asyncio.create_task(end_when_asked(), name="requests to restore")
        await server.serve(sockets=[listening.dup()])
        signals.server = None
        ending.cancel()
        await asyncio.wait([ending])
        return None if ending.cancelled() else ending.result()


@asynccontextmanager
async def _workers(settings: Settings, services: Services) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(settings, died=services.dispatcher.worker_died)
    services.supervisor = supervisor
    try:
        await supervisor.start()
        yield supervisor
    finally:
        await supervisor.stop()
