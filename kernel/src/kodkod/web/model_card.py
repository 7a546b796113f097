"""The card of an exported model: a README.md that says where it is from and what to expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from kodkod.api import ModelNotes, Score, ScoreReport
from kodkod.store.projects import Project
from kodkod.web.model_contract import ModelInfo

__all__ = ["model_card"]

_SHOWN = 20


def model_card(model: ModelInfo, project: Project, notes: ModelNotes) -> str:
    """Return Markdown with the Hugging Face Hub's front matter."""
    parts = [
        *_front(model, project, notes),
        f"# {model.name}",
        "",
        _what(model, project),
        "",
        *_labels(model),
        *_usage(notes),
        *_data(model, project),
        *_training(model),
        *_scores(model),
        *_footprint(model),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _what(model: ModelInfo, project: Project) -> str:
    return (
        f"A `{model.component}` model that codes texts by the scheme `{_line(model.scheme)}` of "
        f"the project {_line(project.name)}, trained with Kodkod {model.provenance.kodkod}."
    )


def _front(model: ModelInfo, project: Project, notes: ModelNotes) -> Iterator[str]:
    # JSON is YAML, and quotes what a name may contain.
    yield "---"
    yield f"language: {_quoted(project.language)}"
    for key, value in (
        ("library_name", notes.library),
        ("pipeline_tag", notes.pipeline),
        ("base_model", notes.base_model),
    ):
        if value:
            yield f"{key}: {_quoted(value)}"
    yield "tags:"
    yield from (f"- {_quoted(tag)}" for tag in ("kodkod", model.component))
    if model.energy is not None:
        yield "co2_eq_emissions:"
        yield f"  emissions: {model.energy.g_co2e:.3f}"
        yield '  source: "kodkod"'
    yield "---"
    yield ""


def _labels(model: ModelInfo) -> Iterator[str]:
    yield "## Labels"
    yield ""
    if model.training.dichotomise is not None:
        yield "One probability: that the label is on the text, whatever else is."
        yield ""
    for place, label in enumerate(model.labels):
        threshold = "" if model.thresholds is None else f" (from {model.thresholds[place]:.3f})"
        yield f"{place}. {_line(label)}{threshold}"
    yield ""


def _usage(notes: ModelNotes) -> Iterator[str]:
    if notes.usage:
        yield from ("## Use", "", "```python", notes.usage.strip(), "```", "")


def _data(model: ModelInfo, project: Project) -> Iterator[str]:
    yield "## Data"
    yield ""
    yield f"- Texts learnt from: {model.n_train}, of a corpus of {project.n_rows}"
    yield f"- Corpus fingerprint: `{model.corpus_fingerprint}`"
    yield f"- Position in the log of annotations: {model.trained_at_seq}"
    taught = model.training
    for what, names in (
        ("Labels left out", taught.exclude_labels),
        ("Annotators learnt from", taught.annotators),
        ("Sources of annotations", taught.sources),
    ):
        if names:
            yield f"- {what}: {', '.join(map(_line, names))}"
    yield ""


def _training(model: ModelInfo) -> Iterator[str]:
    made = model.provenance
    yield "## Training"
    yield ""
    yield f"- Params: `{_quoted(model.params)}`"
    yield f"- Seed: {model.seed}"
    yield f"- Seconds: {made.seconds:.1f}"
    yield f"- Machine: {made.platform}, {made.processors} processors, {made.card or 'no card'}"
    versions = [f"Python {made.python}", made.plugin, *map(" ".join, made.packages.items())]
    yield f"- Versions: {', '.join(each for each in versions if each)}"
    yield ""


def _scores(model: ModelInfo) -> Iterator[str]:
    reports: dict[str, ScoreReport] = {f"{name} split": r for name, r in model.scores.items()}
    validated = model.validation
    if validated is not None and validated.folds is not None:
        reports[f"cross-validation, {validated.folds.folds} folds"] = validated.folds.report
    if not reports:
        return
    yield "## Scores"
    yield ""
    yield "With 95 % intervals. The train split is what the model has learnt from."
    for name, report in reports.items():
        yield from ("", f"### {name} ({report.n} texts)", "", "| figure | value |", "|---|---|")
        yield from (f"| {_line(each)} | {_shown(s)} |" for each, s in _first(report.overall))
    yield ""


def _footprint(model: ModelInfo) -> Iterator[str]:
    if model.energy is not None:
        yield "## Energy"
        yield ""
        yield f"Training took {model.energy.wh:.3f} Wh, {model.energy.g_co2e:.3f} g CO2e."


def _first(figures: Mapping[str, Score]) -> list[tuple[str, Score]]:
    return list(figures.items())[:_SHOWN]


def _shown(score: Score) -> str:
    if score.value is None:
        return "not defined"
    if score.low is None or score.high is None:
        return f"{score.value:.3f}"
    return f"{score.value:.3f} ({score.low:.3f} to {score.high:.3f})"


def _quoted(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _line(text: str) -> str:
    """A name on one line, that neither a table nor a heading is broken by."""
    return " ".join(text.replace("|", "\\|").replace("`", "'").split())
