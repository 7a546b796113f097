"""The model `rules`: words and regular expressions with weights, to be beaten by what learns."""

from __future__ import annotations

import math
import re
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import (
    InvalidParamsError,
    JobContext,
    Matrix,
    Model,
    PluginError,
    TextBatch,
    TrainingSet,
)
from kodkod_features.params import Rule, RulesParams

__all__ = ["Rules"]

_AT_ONCE = 2_048


class _Learnt(Struct, frozen=True, kw_only=True):
    """The column of each rule's label, that of the default label, and how frequent labels are."""

    multilabel: bool
    columns: list[int]
    default: int | None
    priors: list[float]


class Rules(Model[RulesParams]):
    """Codes by a dictionary. Nothing is learnt but how frequent each label is.

    A label's score s in a text is the sum of the weights of its rules that are found there. With
    one label a text, its probability is in proportion to `prior * odds ** s`: a weight of 1 makes
    it `odds` times as likely. With several it is `1 / (1 + odds ** (0.5 - s))`: 1 or more says yes,
    and a label without rules keeps its prior. The default label has a score of 1 in texts where
    no rule is found.

    A label that has rules can be predicted though no text was annotated with it.
    """

    _learnt: _Learnt | None = None

    def fit(self, data: TrainingSet, ctx: JobContext) -> None:
        """See that the rules can be used, and count labels.

        Raises:
            InvalidParamsError: a rule's label is not in the scheme, or its pattern is no regular
                expression.
        """
        ctx.progress(0.0, f"reading {len(self.params.rules)} rules")
        columns = [self._column(data, rule.label) for rule in self.params.rules]
        for number, rule in enumerate(self.params.rules, 1):
            _check(number, self._pattern(rule))
        default = self.params.default_label
        self._learnt = _Learnt(
            multilabel=data.targets.ndim == 2,
            columns=columns,
            default=None if default is None else self._column(data, default),
            priors=self._priors(data, columns).tolist(),
        )

    def predict_proba(
        self, batch: TextBatch, features: Matrix | None, ctx: JobContext
    ) -> NDArray[np.float32]:
        """Return `[n, n_labels]`; see the class for what the probabilities are."""
        if self._learnt is None:
            raise PluginError("rules were asked for predictions before fit or load")
        learnt = self._learnt
        n = len(batch)
        out = np.empty((n, len(learnt.priors)), dtype=np.float32)
        for start in range(0, n, _AT_ONCE):
            ctx.progress(start / n, "looking for rules")
            texts = pl.Series(list(batch.texts[start : start + _AT_ONCE]), dtype=pl.String)
            scores = self._scores(texts, learnt)
            out[start : start + len(texts)] = self._probabilities(scores, learnt)
        return out

    def save(self, folder: Path) -> None:
        """Write `rules.json`."""
        if self._learnt is None:
            raise PluginError("rules were saved before fit or load")
        (folder / "rules.json").write_bytes(msgspec.json.encode(self._learnt))

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        self._learnt = msgspec.json.decode((folder / "rules.json").read_bytes(), type=_Learnt)

    def _column(self, data: TrainingSet, label: str) -> int:
        if label in data.labels:
            return data.labels.index(label)
        raise InvalidParamsError(
            f"The scheme has no label {label!r}; it has {', '.join(data.labels)}.", field="rules"
        )

    def _priors(self, data: TrainingSet, columns: list[int]) -> NDArray[np.float64]:
        """Return each label's share of the texts; one with rules counts as seen once more."""
        if data.targets.ndim == 2:
            return data.targets.sum(axis=0) / max(len(data.targets), 1)
        counts = np.bincount(data.targets, minlength=len(data.labels)).astype(np.float64)
        counts[columns] += 1
        if self.params.priors:
            return counts / counts.sum()
        return (counts > 0) / max(int((counts > 0).sum()), 1)

    def _pattern(self, rule: Rule) -> str:
        pattern = rule.find
        if self.params.match == "words":
            pattern = _of_words(rule.find, whole=self.params.whole_words)
        return f"(?i:{pattern})" if self.params.ignore_case else pattern

    def _scores(self, texts: pl.Series, learnt: _Learnt) -> NDArray[np.float64]:
        """Return `[n, n_labels]`."""
        scores = np.zeros((len(texts), len(learnt.priors)))
        found = np.zeros(len(texts), dtype=bool)
        for rule, column in zip(self.params.rules, learnt.columns, strict=True):
            counts = texts.str.count_matches(self._pattern(rule)).to_numpy().astype(np.float64)
            found |= counts > 0
            scores[:, column] += rule.weight * (
                counts if self.params.count == "each time" else counts > 0
            )
        if learnt.default is not None:
            scores[~found, learnt.default] += 1
        return scores

    def _probabilities(self, scores: NDArray[np.float64], learnt: _Learnt) -> NDArray[np.float32]:
        logits = scores * math.log(self.params.odds)
        priors = np.array(learnt.priors)
        if learnt.multilabel:
            shifted = np.clip(0.5 * math.log(self.params.odds) - logits, -500, 500)
            said = 1 / (1 + np.exp(shifted))
            ruled = [*learnt.columns, *([] if learnt.default is None else [learnt.default])]
            without = np.setdiff1d(np.arange(len(priors)), ruled)
            said[:, without] = priors[without]
            return said.astype(np.float32)
        with np.errstate(divide="ignore"):
            logits = logits + np.log(priors)
        logits -= logits.max(axis=1, keepdims=True)
        raised = np.exp(logits)
        return (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)


def _of_words(find: str, *, whole: bool) -> str:
    """Return the pattern of a word or phrase; a star at its end stands for any ending."""
    open_ended = find.endswith("*") and len(find) > 1
    words = [re.escape(word) for word in find.removesuffix("*" if open_ended else "").split()]
    pattern = r"\s+".join(words) or re.escape(find)
    if not whole:
        return pattern
    # A boundary beside what is no letter, as in "#tax", would ask for a letter before it.
    before = r"\b" if re.match(r"\w", find) else ""
    after = r"\w*" if open_ended else r"\b" if re.search(r"\w$", find) else ""
    return f"{before}{pattern}{after}"


def _check(number: int, pattern: str) -> None:
    try:
        pl.Series([""]).str.count_matches(pattern)
    except pl.exceptions.PolarsError as error:
        reason = " ".join(str(error).split())
        raise InvalidParamsError(
            f"Rule {number} is no regular expression: {reason}", field="rules"
        ) from error
