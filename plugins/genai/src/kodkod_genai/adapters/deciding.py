"""What endpoints have in common that give a probability for each label and write nothing."""

from __future__ import annotations

from collections.abc import Sequence

from kodkod.api import LabelTask
from kodkod_genai.adapters.said import Said
from kodkod_genai.endpoint import UnreadableAnswerError
from kodkod_genai.wire import Usage

__all__ = ["CHOOSE", "FITS", "decided", "is_closed"]

CHOOSE = "Which of these labels fits the text best, by what was said above?"
FITS = "The label {label!r} fits the text, by what was said above."


def is_closed(task: LabelTask, *, most_choices: int, most_questions: int) -> bool:
    """Tell whether a task is one choice, or a yes or no for each label, and not too many.

    Nobody who writes nothing can justify or quote.
    """
    if task.justify:
        return False
    n = len(task.labels)
    if task.scheme_type == "multiclass":
        return 2 <= n <= most_choices
    return task.scheme_type == "multilabel" and 1 <= n <= most_questions


def decided(task: LabelTask, probabilities: Sequence[float], raw: str, usage: Usage) -> Said:
    """Return what an endpoint has decided, from a probability for each label.

    Of one label a text they are scaled to sum to 1, and the confidence is that of the label
    chosen. Of several, labels of 0.5 and more are chosen, and the confidence is that of the least
    sure of the decisions.

    Raises:
        UnreadableAnswerError: there is not one for each, or they are no probabilities.
    """
    if len(probabilities) != len(task.labels):
        raise UnreadableAnswerError(
            f"there are {len(probabilities)} probabilities for {len(task.labels)} labels"
        )
    if not all(0 <= each <= 1 for each in probabilities):
        raise UnreadableAnswerError("there are probabilities outside 0 to 1")
    if task.scheme_type == "multilabel":
        pairs = zip(task.labels, probabilities, strict=True)
        return Said(
            raw=raw,
            value=[label for label, sure in pairs if sure >= 0.5],
            probabilities=tuple(probabilities),
            confidence=min(max(each, 1 - each) for each in probabilities),
            usage=usage,
        )
    total = sum(probabilities)
    if total <= 0:
        raise UnreadableAnswerError("all probabilities are 0")
    scaled = tuple(each / total for each in probabilities)
    confidence = max(scaled)
    return Said(
        raw=raw,
        value=task.labels[scaled.index(confidence)],
        probabilities=scaled,
        confidence=confidence,
        usage=usage,
    )
