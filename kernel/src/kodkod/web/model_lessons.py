"""What is asked of a training is checked before its job begins, so that mistakes show at once."""

from __future__ import annotations

from kodkod.api import InvalidInputError, ModelSpec
from kodkod.jobs.judging import metric_for
from kodkod.jobs.search import check_space
from kodkod.jobs.teaching import check_teaching
from kodkod.project.scheme import LiveScheme
from kodkod.web.model_contract import NewModel
from kodkod.web.services import Services

__all__ = ["check_lesson"]


def check_lesson(asked: NewModel, scheme: LiveScheme, spec: ModelSpec, services: Services) -> None:
    """Refuse labels, annotators, metrics and params that are not there.

    Raises:
        InvalidInputError: one of them is not; the message says which there are.
    """
    check_teaching(asked, scheme.coder.names, spec, scheme.row.type)
    _check_annotators(asked, scheme, services)
    if asked.metric is not None:
        has_spans = scheme.scheme_type.encode([], ()) is None
        narrowed = asked.dichotomise is not None and not has_spans
        metric_for(services.registry, asked.metric, "multilabel" if narrowed else scheme.row.type)
    if asked.search is not None:
        check_space(asked.search, spec.params, asked.params)


def _check_annotators(asked: NewModel, scheme: LiveScheme, services: Services) -> None:
    if not asked.annotators:
        return
    fold = scheme.fold
    users = {each.user_id for row in fold.rows_said_of() for each in fold.said_of(row)}
    there = {services.names[user] for user in users}
    for name in asked.annotators:
        if name not in there:
            raise InvalidInputError(
                f"{name!r} has annotated nothing in this scheme; choose among "
                f"{', '.join(sorted(there)) or 'nobody yet'}.",
                field="annotators",
            )
