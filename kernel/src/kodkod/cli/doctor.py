"""`kodkod doctor`: check an installation, and say what to mend."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kodkod.api import KodkodError
from kodkod.cli.checkup.artefacts import check_files
from kodkod.cli.checkup.broker import check_broker
from kodkod.cli.checkup.cards import check_cards, try_cards
from kodkod.cli.checkup.database import check_database
from kodkod.cli.checkup.finding import Case, Check, Finding, problem
from kodkod.cli.checkup.folders import check_folders, check_leftovers, may_write
from kodkod.cli.checkup.installation import check_packages, check_plugins, check_settings
from kodkod.cli.checkup.server import check_server
from kodkod.cli.checkup.trial import try_job
from kodkod.cli.checkup.workers import check_workers
from kodkod.cli.flags import Config, SettingsFlags, settings_from
from kodkod.logs import configure_logs
from kodkod.web.app import load_registry

__all__ = ["doctor", "examine", "safely"]

_CHECKS: tuple[tuple[str, Check], ...] = (
    ("plugins", check_plugins),
    ("settings", check_settings),
    ("data folder", check_folders),
    ("database", check_database),
    ("files", check_files),
    ("leftovers", check_leftovers),
    ("broker", check_broker),
    ("workers", check_workers),
    ("cards", check_cards),
    ("server", check_server),
)
_DEEP: tuple[tuple[str, Check], ...] = (("cards", try_cards), ("trial", try_job))
_PATIENCE_SECONDS = 180.0
_MARKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "red")}


def doctor(
    *,
    config: Config = None,
    deep: Annotated[
        bool,
        Parameter(help="Also run a job through a worker and try the cards.", negative=()),
    ] = False,
    as_json: Annotated[
        bool, Parameter(name="--json", help="Print JSON instead of lines.", negative=())
    ] = False,
    flags: SettingsFlags | None = None,
) -> int:
    """Check this installation, and say what to mend.

    The server need not run; one that does is not disturbed. Status 1 if there is a problem.
    """
    configure_logs("critical")  # What is logged elsewhere is said here in words.
    show = _say if not as_json else _keep_quiet
    findings: list[Finding] = []
    for finding in examine(config, flags, deep=deep):
        findings.append(finding)
        show(finding)
    bad = any(finding.state == "problem" for finding in findings)
    if as_json:
        report = {"ok": not bad, "findings": findings}
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(report)).decode() + "\n")
    return int(bad)


def examine(config: Config, flags: SettingsFlags | None, *, deep: bool) -> Iterator[Finding]:
    """Yield what is found, as it is found."""
    yield from safely("packages", check_packages)
    try:
        settings = settings_from(config, flags)
    except KodkodError as error:
        yield problem("settings", error.message, "Correct it, and call the doctor again.")
        return
    os.environ |= settings.environment()  # Plugins read their settings there.
    case = Case(settings=settings, registry=load_registry(), writes=may_write(settings))
    for area, check in (*_CHECKS, *(_DEEP if deep else ())):
        yield from safely(area, lambda check=check: check(case))


def safely(
    area: str, check: Callable[[], Iterator[Finding]], patience: float = _PATIENCE_SECONDS
) -> list[Finding]:
    """Return what a check finds: it may fail, or hang, without keeping the others from running."""
    found: list[Finding] = []

    def work() -> None:
        try:
            found.extend(check())
        except Exception as error:  # noqa: BLE001 - said; the other checks go on
            said = f"This could not be checked: {type(error).__name__}: {error}"
            found.append(problem(area, said, "Tell the makers of Kodkod, with these words."))

    # Not a pool's: a thread that hangs must not keep the process.
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(patience)
    if thread.is_alive():
        said = f"It did not answer within {patience:.0f} s."
        return [problem(area, said, "See whether it hangs, or is behind a firewall.")]
    return found


def _keep_quiet(_finding: Finding) -> None: ...


def _say(finding: Finding) -> None:
    mark, style = _MARKS[finding.state]
    # Names and reasons are shown as they are, not as markup.
    told = Text(finding.said)
    if finding.mend:
        told.append(f"\n→ {finding.mend}", style="bold")
    line = Table.grid(padding=(0, 1))
    line.add_column(width=1)
    line.add_column(width=13)
    line.add_column()
    line.add_row(Text(mark, style=style), finding.area, told)
    Console().print(line)
