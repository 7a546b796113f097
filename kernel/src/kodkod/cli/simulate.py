"""`kodkod simulate`: which strategy would have paid on what is annotated, without a server."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from kodkod.api import InvalidInputError, JobContext, NotFoundError, Score, UnavailableError
from kodkod.cli.flags import Config, SettingsFlags, settings_from
from kodkod.jobs.simulating import Subject, simulate_project
from kodkod.jobs.workspace import Workspace
from kodkod.logs import configure_logs
from kodkod.settings import Settings
from kodkod.simulation.drawing import write_plots
from kodkod.simulation.plan import Plan
from kodkod.simulation.report import SimulatedStrategy, SimulationReport
from kodkod.store.artefacts import new_id
from kodkod.store.backup.ground import Ground
from kodkod.store.files import whole_file
from kodkod.store.projects import Project, find_project, list_schemes

__all__ = ["simulate"]


def simulate(
    project: Annotated[str, Parameter(help="The project's slug, as in its address.")],
    /,
    *,
    scheme: Annotated[str, Parameter(help="The scheme whose annotations are the truth.")],
    feature: Annotated[
        list[str], Parameter(help="What the model reads; may be given again.", negative=())
    ],
    strategy: Annotated[
        list[str], Parameter(help="Which to compare; may be given again.", negative=())
    ],
    strategy_params: Annotated[
        str, Parameter(help='JSON: the params of strategies, by name: {"mixed": {"explore": 0.2}}.')
    ] = "{}",
    model: Annotated[str, Parameter(help="The quick model that learns.")] = "logistic",
    model_params: Annotated[str, Parameter(help="JSON: the model's params.")] = "{}",
    seeds: Annotated[int, Parameter(help="How often, from another start each.")] = 5,
    start: Annotated[int, Parameter(help="Random texts that are labelled at first.")] = 25,
    batch: Annotated[int, Parameter(help="Texts that are labelled in a round.")] = 25,
    rounds: Annotated[int, Parameter(help="How many rounds.")] = 20,
    metric: Annotated[str, Parameter(help="macro_f1, micro_f1, accuracy, ...")] = "macro_f1",
    target: Annotated[
        float | None, Parameter(help="A score: how many labels does it take?")
    ] = None,
    test_share: Annotated[
        float, Parameter(help="Share to test on where the test split is not annotated.")
    ] = 0.3,
    seed: Annotated[int, Parameter(help="Start of every random choice.")] = 0,
    name: Annotated[str, Parameter(help="What to call it.")] = "",
    out: Annotated[
        Path | None, Parameter(help="A folder for report.json, curves.svg and curves.png.")
    ] = None,
    as_json: Annotated[
        bool, Parameter(name="--json", help="Print the report as JSON, no table.", negative=())
    ] = False,
    config: Config = None,
    flags: SettingsFlags | None = None,
) -> None:
    """Replay strategies on a project's annotations, and say which would have paid.

    The server need not run; nothing of the project is changed.
    """
    by_name = _object(strategy_params, "--strategy-params")
    if strange := sorted(set(by_name) - set(strategy)):
        raise InvalidInputError(
            f"--strategy-params is by strategy, and {strange[0]!r} is not among those named with "
            "--strategy."
        )
    plan = _plan(
        strategies=[{"name": each, "params": by_name.get(each, {})} for each in strategy],
        model=model,
        params=_object(model_params, "--model-params"),
        start=start,
        batch=batch,
        rounds=rounds,
        seeds=seeds,
        metric=metric,
        target=target,
        test_share=test_share,
        seed=seed,
    )
    configure_logs("error")
    with _opened(settings_from(config, flags)) as workspace:
        subject = _subject(workspace, project, scheme, tuple(feature), name)
        with _terminal() as ctx:
            report = simulate_project(workspace, subject, plan, ctx)
    if out is not None:
        _write(report, out)
    if as_json:
        sys.stdout.write(_json(report))
        return
    _show(report)
    if out is not None:
        print(f"Wrote report.json, curves.svg and curves.png to {out}.")


def _object(text: str, flag: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise InvalidInputError(f"{flag} is no JSON object: {error}") from error


def _plan(**given: Any) -> Plan:
    try:
        return msgspec.convert(given, Plan)
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"This cannot be simulated: {error}.") from error


@contextmanager
def _opened(settings: Settings) -> Iterator[Workspace]:
    file = Ground.of(settings).file
    if file is not None and not file.exists():
        raise NotFoundError(
            f"There is no installation in {settings.data_dir}; name its folder with --data-dir."
        )
    os.environ |= settings.environment()  # Plugins read their settings there.
    workspace = Workspace.open(settings)
    try:
        yield workspace
    finally:
        workspace.close()


def _subject(
    workspace: Workspace, slug: str, scheme: str, features: tuple[str, ...], name: str
) -> Subject:
    try:
        project: Project = workspace.read(find_project, slug)
    except NotFoundError as error:
        raise NotFoundError(
            f"There is no project {slug!r} here; name it as in its address, and the folder of the "
            "installation with --data-dir."
        ) from error
    schemes = {each.name: each.id for each in workspace.read(list_schemes, project.id)}
    if scheme not in schemes:
        raise NotFoundError(
            f"The project has no scheme {scheme!r}; it has {', '.join(sorted(schemes)) or 'none'}."
        )
    return Subject(
        project=project, scheme_id=schemes[scheme], features=features, id=new_id(), name=name
    )


class _Terminal(JobContext):
    """Shows how far the simulation is on the terminal that it was started from."""

    def __init__(self, folder: Path, progress: Progress | None) -> None:
        self.seed = 0
        self._folder = folder
        self._progress = progress
        self._task = None if progress is None else progress.add_task("", total=1.0)

    @property
    def folder(self) -> Path:
        """Return the folder that was given."""
        return self._folder

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        if self._progress is not None and self._task is not None:
            said = message or None
            self._progress.update(self._task, completed=fraction, description=said)

    def log(self, line: str) -> None:
        if self._progress is not None:
            self._progress.console.print(line, style="dim", markup=False, highlight=False)


@contextmanager
def _terminal() -> Iterator[JobContext]:
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory() as folder:
        if not console.is_terminal:
            yield _Terminal(Path(folder), None)
            return
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            yield _Terminal(Path(folder), progress)


def _write(report: SimulationReport, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_plots(report, folder)
        with whole_file(folder / "report.json") as aside:
            aside.write_text(_json(report), encoding="utf-8")
    except OSError as error:
        raise UnavailableError(
            f"The report cannot be written to {folder}: {error.strerror}. Choose another folder "
            "with --out."
        ) from error


def _json(report: SimulationReport) -> str:
    return msgspec.json.format(msgspec.json.encode(report)).decode() + "\n"


def _show(report: SimulationReport) -> None:
    title = (
        f"{report.metric} on {report.n_test:,} texts: {report.seeds} seeds, "
        f"{report.start} + {report.rounds} x {report.batch} labels"
    )
    table = Table(title=title)
    table.add_column("strategy")
    columns = ["area", "gain over random", "after the last label"]
    if report.target is not None:
        columns.append(f"labels for {report.target:g}")
    for column in (*columns, "ms an order"):
        table.add_column(column, justify="right")
    for each in sorted(report.strategies, key=lambda one: -(one.area.value or 0.0)):
        cells = [_told(each.area), "" if each.gain is None else _told(each.gain, sign="+")]
        cells.append(_told(each.final))
        if report.target is not None:
            cells.append(_needed(each, report.seeds))
        table.add_row(each.name, *cells, f"{each.order_ms:.1f}")
    console = Console()
    console.print(table)
    console.print(f"All {report.n_rows - report.n_test:,} labelled: {_told(report.whole)}.")
    for note in report.notes:
        console.print(note, markup=False)


def _told(score: Score, sign: str = "") -> str:
    value = f"{score.value or 0.0:{sign}.3f}"
    if score.low is None or score.value is None:
        return value
    return f"{value} ± {score.value - score.low:.3f}"


def _needed(strategy: SimulatedStrategy, seeds: int) -> str:
    found = strategy.labels_for_target
    if found is None or found.value is None:
        return "not reached"
    often = "" if strategy.reached == seeds else f" (in {strategy.reached} of {seeds} seeds)"
    return f"{found.value:.0f}{often}"
