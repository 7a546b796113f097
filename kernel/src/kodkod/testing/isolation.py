"""Looks at what an import brings along, and at what a constructor touches."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

__all__ = ["HEAVY", "imported_by", "touched"]

HEAVY = (
    "fastexcel",
    "llama_cpp",
    "openai",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "skops",
    "tokenizers",
    "torch",
    "transformers",
    "xlsxwriter",
)
"""What the web process never imports."""

_EVENTS = ("open", "socket.connect", "subprocess.Popen", "os.mkdir", "os.remove", "os.listdir")
_watched = threading.local()
_installed = threading.Lock()


def imported_by(modules: Sequence[str]) -> list[str]:
    """Return which of `HEAVY` a new interpreter has loaded after importing `modules`."""
    script = (
        "import sys, importlib\n"
        f"for name in {list(modules)!r}: importlib.import_module(name)\n"
        f"print(*[name for name in {list(HEAVY)!r} if name in sys.modules])\n"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        raise AssertionError(f"{', '.join(modules)} cannot be imported alone:\n{done.stderr}")
    return done.stdout.split()


@contextmanager
def touched() -> Iterator[list[str]]:
    """Yield a list that is filled with the files and sockets that this thread opens inside."""
    _install()
    events: list[str] = []
    _watched.events = events
    try:
        yield events
    finally:
        _watched.events = None


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    events: list[str] | None = getattr(_watched, "events", None)
    if events is not None and event in _EVENTS:
        events.append(f"{event} {arguments[0]!r}")


_hooked: list[bool] = []


def _install() -> None:
    # An audit hook cannot be taken away again, so there is one for the whole run.
    with _installed:
        if not _hooked:
            sys.addaudithook(_hear)
            _hooked.append(True)
