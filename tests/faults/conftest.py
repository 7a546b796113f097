"""A server that is struck again and again, with the plugin that takes its time."""

from __future__ import annotations

import importlib
import os
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from faults.site import Site, open_site, plugin_path

_MEASURED = pytest.StashKey[dict[str, list[float]]]()


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Install the plugin for servers that are started, and for this process."""
    path = plugin_path(tmp_path_factory.mktemp("plugin"))
    before = sys.path[:]
    sys.path[:0] = path.split(os.pathsep)
    importlib.invalidate_caches()
    yield path
    sys.path[:] = before


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, plugin: str) -> Iterator[Site]:
    """Give a server with a project and two workers; each test leaves it running."""
    with open_site(tmp_path_factory.mktemp("site"), plugin) as made:
        yield made


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str, float], None]:
    """Note how many seconds something took; all is printed at the end."""
    taken = request.config.stash.setdefault(_MEASURED, defaultdict(list))
    return lambda what, seconds: taken[what].append(seconds)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print what was measured."""
    taken = config.stash.get(_MEASURED, {})
    if taken:
        terminalreporter.section("seconds until it was so (times, median, longest)")
    for what, seconds in taken.items():
        middle, longest = statistics.median(seconds), max(seconds)
        terminalreporter.line(f"{what:<60} {len(seconds):>3} {middle:>7.2f} {longest:>7.2f}")
