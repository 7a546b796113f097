"""From what the kernel holds to what the contract shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Literal, cast

import msgspec

from kodkod.api import Belief, Energy, ReadingWindow, SchemeTypeSpec
from kodkod.plugins import PluginRegistry
from kodkod.project.board import Lease
from kodkod.project.fold import Answer
from kodkod.project.samples import names_of_columns
from kodkod.project.scheme import LiveScheme
from kodkod.project.sight import Sight
from kodkod.project.statistics import count, count_annotated
from kodkod.store.artefacts import FeatureRow
from kodkod.store.energy import Expectation
from kodkod.store.jobs import JobRow
from kodkod.store.log import Entry
from kodkod.store.progress import Progress
from kodkod.store.projects import Project
from kodkod.web.annotating_contract import (
    AnnotatorCount,
    Element,
    ElsewhereElement,
    GivenAnnotation,
    LabelCount,
    LogEntry,
    Prediction,
    Statistics,
)
from kodkod.web.contract import (
    EnergyBudget,
    ProjectInfo,
    ProjectProgress,
    ProjectRole,
    SplitSizes,
)
from kodkod.web.feature_contract import FeatureInfo
from kodkod.web.job_contract import JobView
from kodkod.web.names import Names
from kodkod.web.scheme_contract import (
    ColdGuide,
    GuideBelief,
    GuideFlow,
    GuideInfo,
    LabelInfo,
    SchemeInfo,
)
from kodkod.web.strategies import is_cold

__all__ = [
    "element",
    "feature_info",
    "given_annotation",
    "job_view",
    "log_entry",
    "project_info",
    "scheme_info",
    "statistics",
]


def project_info(
    row: Project,
    role: str,
    *,
    gone_at: datetime | None = None,
    progress: Progress | None = None,
) -> ProjectInfo:
    """Show a project; one that is deleted with when it is gone."""
    return ProjectInfo(
        slug=row.slug,
        name=row.name,
        language=row.language,
        n_rows=row.n_rows,
        splits=SplitSizes(**row.splits),
        text_columns=list(row.config["text_columns"]),
        label_columns=list(row.config.get("label_columns", ())),
        context_columns=list(row.config.get("context_columns", ())),
        created_by=row.created_by,
        created_at=row.created_at,
        role=cast("ProjectRole", role),
        budget=None if row.budget is None else msgspec.convert(row.budget, EnergyBudget),
        archived_at=row.archived_at,
        gone_at=gone_at,
        progress=None
        if progress is None
        else msgspec.convert(progress, ProjectProgress, from_attributes=True),
    )


def scheme_info(scheme: LiveScheme, registry: PluginRegistry) -> SchemeInfo:
    """Show a scheme with its guide."""
    row = scheme.row
    spec = cast("SchemeTypeSpec", registry.spec("scheme-type", row.type))
    return SchemeInfo(
        id=row.id,
        name=row.name,
        type=row.type,
        widget=spec.widget,
        labels=[
            LabelInfo(id=each.id, name=each.name, color=each.color, description=each.description)
            for each in scheme.coder.labels
        ],
        codebook=row.codebook,
        params=row.params,
        overlap=row.overlap,
        annotated=SplitSizes(**count_annotated(scheme)),
        guide=_guide_info(scheme),
        created_at=row.created_at,
        codebook_version=scheme.codebooks.newest,
        checks=scheme.gold.checks,
    )


def _guide_info(scheme: LiveScheme) -> GuideInfo | None:
    guide = scheme.guide
    if guide is None:
        return None
    known = guide.predictions
    config = guide.config
    return GuideInfo(
        features=list(config.features),
        model=config.model,
        params=config.params,
        strategy=config.strategy,
        strategy_params=config.strategy_params,
        refresh_every=config.refresh_every,
        refresh_idle_seconds=config.refresh_idle_seconds,
        cold_start=config.cold_start,
        cold_start_params=config.cold_start_params,
        cold_labels=config.cold_labels,
        varied=config.varied,
        ensemble=config.ensemble,
        state=guide.state,
        version=guide.version,
        trained_at_seq=known.trained_at_seq if known else 0,
        n_train=known.n_train if known else 0,
        agreed=guide.agreed,
        compared=guide.compared,
        message=guide.message,
        cold=ColdGuide(needed=scheme.missing()) if is_cold(scheme) else None,
        belief=_guide_belief(scheme, known.belief, known.before)
        if known is not None and known.belief is not None
        else None,
    )


def _guide_belief(scheme: LiveScheme, now: Belief, before: Belief | None) -> GuideBelief:
    def shares(belief: Belief) -> dict[str, float]:
        names = names_of_columns(belief.label_ids, scheme.coder.labels)
        return dict(zip(names, belief.share, strict=True))

    def name(label_id: int) -> str:
        return names_of_columns((label_id,), scheme.coder.labels)[0]

    return GuideBelief(
        at=now.at,
        share=shares(now),
        share_before=shares(before) if before else None,
        uncertainty=now.uncertainty,
        uncertainty_before=before.uncertainty if before else None,
        changed=now.changed,
        kappa=now.kappa,
        flows=[
            GuideFlow(from_label=name(old), to_label=name(new), rows=rows)
            for old, new, rows in now.flows
        ],
    )


def element(
    scheme: LiveScheme,
    row: int,
    names: Names,
    lease: Lease | None = None,
    others: Sequence[tuple[LiveScheme, Lease | None]] = (),
) -> Element:
    """Show a text with what was said and predicted of it, in other schemes as well."""
    corpus = scheme.corpus
    expires = None
    if lease is not None:
        expires = datetime.now(UTC) + timedelta(seconds=lease.expires - monotonic())
    return Element(
        id=corpus.id_of(row),
        row=row,
        split=_split_name(scheme, row),
        text=corpus.text_of(row),
        context=corpus.context_of(row),
        annotations=[
            given_annotation(scheme, answer, names) for answer in scheme.fold.said_of(row)
        ],
        prediction=_prediction(scheme, row),
        lease=lease.id if lease else None,
        lease_expires_at=expires,
        strategy=lease.strategy if lease else None,
        selection_probability=lease.probability if lease else None,
        also=[
            ElsewhereElement(
                scheme=other.row.name,
                annotations=[
                    given_annotation(other, each, names) for each in other.fold.said_of(row)
                ],
                prediction=_prediction(other, row),
                lease=too.id if too else None,
            )
            for other, too in others
        ],
    )


def _split_name(scheme: LiveScheme, row: int) -> Literal["train", "valid", "test"]:
    return cast("Literal['train', 'valid', 'test']", scheme.corpus.split_of(row).value)


def given_annotation(scheme: LiveScheme, answer: Answer, names: Names) -> GivenAnnotation:
    """Show what somebody said of a text."""
    return GivenAnnotation(
        seq=answer.seq,
        user=names[answer.user_id],
        value=scheme.fold.value_of(answer),
        source=cast("Any", answer.source),
        comment=answer.comment,
        created_at=answer.created_at,
        codebook=scheme.codebooks.number(answer.seq),
        outdated=scheme.codebooks.outdated(answer),
        flagged=answer.flagged,
    )


def _prediction(scheme: LiveScheme, row: int) -> Prediction | None:
    probabilities = scheme.probabilities_of(row)
    if probabilities is None or scheme.guide is None:
        return None
    labels = scheme.predicted_labels
    return Prediction(
        value=scheme.believed(row),
        probabilities=dict(zip(labels, probabilities.tolist(), strict=True)),
        version=scheme.guide.version,
    )


def log_entry(scheme: LiveScheme, entry: Entry, names: Names) -> LogEntry:
    """Show an entry of the log, its labels by the names of now."""
    value: Any = None
    if entry.op == "set":
        value = scheme.coder.read(entry.value)
    elif entry.value is not None:
        value = msgspec.json.decode(entry.value)
    return LogEntry(
        seq=entry.seq,
        op=cast("Any", entry.op),
        id=None if entry.row is None else scheme.corpus.id_of(entry.row),
        row=entry.row,
        user=names[entry.user_id],
        value=value,
        source=cast("Any", entry.source),
        strategy=entry.strategy,
        selection_probability=entry.selection_probability,
        model_version=entry.model_version,
        comment=entry.comment,
        seconds=entry.seconds,
        undoes=entry.undoes,
        created_at=entry.created_at,
        codebook=scheme.codebooks.number(entry.seq),
        flagged=entry.flagged,
    )


def statistics(
    scheme: LiveScheme, splits: dict[str, int], names: Names, sight: Sight
) -> Statistics:
    """Show where a scheme stands."""
    counts = count(scheme, sight)
    return Statistics(
        splits=SplitSizes(**splits),
        annotated=SplitSizes(**counts.annotated),
        labels=[
            LabelCount(label=label, train=by["train"], valid=by["valid"], test=by["test"])
            for label, by in counts.labels.items()
        ],
        annotators=[
            AnnotatorCount(
                username=names[user], annotated=n, seconds_median=counts.seconds.get(user)
            )
            for user, n in counts.by_user.items()
        ],
        disagreed=counts.disagreed,
    )


def feature_info(row: FeatureRow) -> FeatureInfo:
    """Show a feature."""
    return FeatureInfo(
        id=row.id,
        name=row.name,
        component=row.component,
        params=row.params,
        dim=row.dim,
        rows=row.rows,
        sparse=row.sparse,
        comparable=row.comparable,
        created_at=row.created_at,
        window=None if row.window is None else ReadingWindow(**row.window),
    )


def job_view(row: JobRow, project: str | None, names: Names) -> JobView:
    """Show a job."""
    return JobView(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        queue=row.queue,
        project=project,
        user=names[row.user_id],
        params=row.params,
        state=cast("Any", row.state),
        progress=row.progress,
        message=row.message,
        metrics=row.metrics,
        result=row.result,
        error=row.error,
        warning=row.warning,
        seconds=row.seconds,
        expected=None if row.expected is None else msgspec.convert(row.expected, Expectation),
        energy=None if row.energy is None else msgspec.convert(row.energy, Energy),
        wh=row.wh,
        g_co2e=row.g_co2e,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        eta=row.eta,
    )
