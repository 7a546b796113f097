"""A report's curves, as a picture."""

from __future__ import annotations

from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from kodkod.api import Score
from kodkod.simulation.choices import RANDOM
from kodkod.simulation.report import SimulatedStrategy, SimulationReport

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["draw", "write_plots"]

# Okabe and Ito (2008), "Color universal design": told apart by all kinds of colour vision. Their
# yellow is left out, which is too light for a line on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)))
_RANDOM = "#555555"
_INK, _FAINT, _GRID = "#222222", "#767676", "#E6E6E6"
_INCHES = (12.0, 6.2)
_DPI = 100
_FEW = 6
"""Bands of more curves than these cover one another."""

Format = Literal["svg", "png"]


class _Line(Struct, frozen=True):
    strategy: SimulatedStrategy
    label: str
    colour: str
    dashes: Any


def write_plots(report: SimulationReport, folder: Path) -> None:
    """Write curves.svg and curves.png."""
    for format_ in ("svg", "png"):
        (folder / f"curves.{format_}").write_bytes(draw(report, format_))


def draw(report: SimulationReport, format_: Format) -> bytes:
    """Return the picture: left the mean scores with their intervals, right the gains over random.

    1,200 points wide as PNG. The same report always gives the same picture.
    """
    # Without pyplot, which would keep every figure; and only here, for the web process has none.
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    style: dict[Any, Any] = {
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": 10.0,
        "svg.fonttype": "path",
        "svg.hashsalt": report.id,
        "axes.edgecolor": _FAINT,
        "axes.labelcolor": _INK,
        "text.color": _INK,
        "xtick.color": _FAINT,
        "ytick.color": _FAINT,
        "text.parse_math": False,
    }
    with mpl.rc_context(style):
        layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12, wspace=0.03)
        figure = Figure(figsize=_INCHES, dpi=_DPI, layout=layout, facecolor="white")
        FigureCanvasAgg(figure)
        _fill(figure, report)
        target = BytesIO()
        metadata = {"Date": None} if format_ == "svg" else None
        figure.savefig(target, format=format_, metadata=metadata)
    return target.getvalue()


def _fill(figure: Figure, report: SimulationReport) -> None:
    lines = _lines(report)
    curves, gains = figure.subplots(1, 2, width_ratios=(1.75, 1))
    _plain(curves)
    _plain(gains)
    _draw_curves(curves, report, lines)
    _draw_gains(gains, report, lines)
    of = report.name or f"{report.scheme}, {', '.join(report.features)}, {report.model}"
    figure.suptitle(of, x=0.012, ha="left", fontsize=13, fontweight="bold")


def _lines(report: SimulationReport) -> list[_Line]:
    """Give each strategy its look: the best is drawn last, on top, and listed first."""
    looks = islice(cycle([(c, d) for d in _DASHES for c in _COLOURS]), len(report.strategies))
    names = [each.name for each in report.strategies]
    lines: list[_Line] = []
    for each, (colour, dashes) in zip(report.strategies, looks, strict=True):
        label = _label(each, several=names.count(each.name) > 1)
        if each.name == RANDOM:
            lines.append(_Line(each, label, _RANDOM, (0, (4, 2))))
        else:
            lines.append(_Line(each, label, colour, dashes))
    return sorted(lines, key=lambda line: line.strategy.area.value or 0.0)


def _label(strategy: SimulatedStrategy, *, several: bool) -> str:
    base = strategy.params.get("base")
    name = f"{strategy.name} ({base})" if isinstance(base, str) else strategy.name
    if several:
        said = ", ".join(f"{key}={value}" for key, value in strategy.params.items())
        name = f"{strategy.name} ({said})"
    return name if len(name) <= 40 else f"{name[:39]}…"


def _draw_curves(axes: Axes, report: SimulationReport, lines: list[_Line]) -> None:
    banded = lines if len(lines) <= _FEW else [lines[-1], *_of_random(lines)]
    for line in lines:
        points = line.strategy.points
        n, means = [each.n for each in points], [each.mean for each in points]
        if report.seeds > 1 and line in banded:
            low = [each.mean if each.low is None else each.low for each in points]
            high = [each.mean if each.high is None else each.high for each in points]
            axes.fill_between(n, low, high, color=line.colour, alpha=0.16, linewidth=0)
        width = 1.6 if line.strategy.name == RANDOM else 2.0
        axes.plot(n, means, color=line.colour, linestyle=line.dashes, linewidth=width)
    _mark(axes, report.whole.value, f"all labelled: {report.whole.value or 0:.3f}", _INK)
    if report.target is not None:
        _mark(axes, report.target, f"target: {report.target:g}", _FAINT)
    axes.set_xlabel("labelled texts")
    axes.set_ylabel(f"{_figure(report.metric)} on {report.n_test:,} texts not learnt from")
    axes.set_ylim(*_range(report))
    axes.set_xlim(report.start, report.start + report.rounds * report.batch)
    of = "" if banded is lines else " of the best and of random"
    bands = f"bands: 95 % intervals{of}" if report.seeds > 1 else "no interval"
    seeds = f"{report.seeds} seeds" if report.seeds > 1 else "one seed"
    axes.set_title(f"Mean score of {seeds}; {bands}", loc="left", fontsize=10, color=_FAINT)


def _of_random(lines: list[_Line]) -> list[_Line]:
    return [line for line in lines if line.strategy.name == RANDOM]


def _range(report: SimulationReport) -> tuple[float, float]:
    """Return the scores to show: the curves fill the picture, and wide bands are cut off."""
    shown = [point.mean for each in report.strategies for point in each.points]
    shown += [each for each in (report.whole.value, report.target) if each is not None]
    low, high = min(shown), max(shown)
    margin = 0.15 * max(high - low, 0.02)
    return low - margin, high + margin


def _mark(axes: Axes, height: float | None, text: str, colour: str) -> None:
    if height is None:
        return
    axes.axhline(height, color=colour, linewidth=0.9, linestyle=(0, (1, 2)))
    axes.annotate(
        text,
        (0, height),
        xycoords=("axes fraction", "data"),
        xytext=(6, 3),
        textcoords="offset points",
        fontsize=9,
        color=colour,
    )


def _draw_gains(axes: Axes, report: SimulationReport, lines: list[_Line]) -> None:
    axes.axvline(0, color=_RANDOM, linewidth=1.2, linestyle=(0, (4, 2)))
    for place, line in enumerate(lines):
        gain = line.strategy.gain or Score(value=0.0)
        value = gain.value or 0.0
        if gain.low is not None and gain.high is not None:
            ends = [gain.low, gain.high]
            axes.plot(ends, [place] * 2, color=line.colour, linestyle=line.dashes, linewidth=2.4)
        axes.plot([value], [place], "o", color=line.colour, markersize=7)
        axes.annotate(
            _told(line.strategy),
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=_INK,
        )
    axes.set_yticks(range(len(lines)), [line.label for line in lines])
    for label, line in zip(axes.get_yticklabels(), lines, strict=True):
        label.set_color(line.colour)
        label.set_fontweight("bold")
    axes.set_ylim(-0.7, len(lines) - 0.3)
    axes.margins(x=0.08)
    axes.set_xlabel(f"area under the curve above that of random ({_figure(report.metric)})")
    axes.set_title("Gain over random; bars: 95 %", loc="left", fontsize=10, color=_FAINT)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _told(strategy: SimulatedStrategy) -> str:
    gain = strategy.gain
    if gain is None:
        return f"area {strategy.area.value or 0:.3f}"
    value = gain.value or 0.0
    told = f"{value:+.3f}" if gain.low is None else f"{value:+.3f} ± {value - gain.low:.3f}"
    return told.replace("-", "\N{MINUS SIGN}")


def _figure(metric: str) -> str:
    return metric.replace("_", " ").replace("f1", "F1")


def _plain(axes: Axes) -> None:
    axes.set_facecolor("white")
    axes.grid(visible=True, color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
