"""The model of a simulation: taught some texts, it predicts all."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, JobContext, Model, ModelSpec, PluginError, TrainingSet
from kodkod.plugins import PluginRegistry
from kodkod.project.unread import unread_batch
from kodkod.simulation.corpus import LabelledCorpus
from kodkod.simulation.plan import Plan

__all__ = ["Learner"]

_MEMBERS = 5
_FOLDS = 5
_TRIES = 10


class Learner:
    """Fits the plan's model anew each time that it is asked; arrays in, arrays out.

    Raises:
        NotFoundError: there is no such model.
        InvalidInputError: it reads texts, or cannot learn such schemes.
        InvalidParamsError: its params are wrong.
    """

    def __init__(
        self, registry: PluginRegistry, plan: Plan, corpus: LabelledCorpus, ctx: JobContext
    ) -> None:
        spec = cast("ModelSpec", registry.spec("model", plan.model))
        if spec.reads != "features":
            raise InvalidInputError(
                f"The model {plan.model!r} reads texts and is too slow to be taught hundreds of "
                "times; simulate with a quick model, such as 'logistic'.",
                field="model",
            )
        if corpus.scheme_type not in spec.scheme_types:
            raise InvalidInputError(
                f"The model {plan.model!r} learns {', '.join(spec.scheme_types)}, not "
                f"{corpus.scheme_type}; choose another.",
                field="model",
            )
        registry.build("model", plan.model, plan.params)
        self._registry, self._plan = registry, plan
        self._corpus = corpus
        self._ctx = ctx
        self._everything = unread_batch(np.arange(corpus.n))

    def predictions(self, taught: NDArray[np.int64], seed: int) -> NDArray[np.float32] | None:
        """Return `[n, n_labels]` of a model that was taught the texts at these places.

        None where they teach nothing: fewer than two labels, for instance.
        """
        corpus = self._corpus
        model = cast(
            "Model[Any]", self._registry.build("model", self._plan.model, self._plan.params)
        )
        data = TrainingSet(
            batch=unread_batch(taught),
            features=cast("Any", corpus.features)[taught],
            targets=corpus.targets[taught],
            labels=corpus.labels,
            seed=seed,
        )
        try:
            model.fit(data, self._ctx)
        except InvalidInputError:
            return None
        found = model.predict_proba(self._everything, corpus.features, self._ctx)
        if found.shape != (corpus.n, len(corpus.labels)):
            raise PluginError(
                f"The model {self._plan.model!r} gave probabilities of shape {found.shape} where "
                f"{(corpus.n, len(corpus.labels))} was due."
            )
        return np.asarray(found, dtype=np.float32)

    def committee(
        self, taught: NDArray[np.int64], rng: np.random.Generator
    ) -> NDArray[np.float32] | None:
        """Return `[n_members, n, n_labels]` of models taught bootstrap samples of the texts.

        Breiman (1996), "Bagging predictors". None where the texts teach nothing.
        """
        members = [self._member(taught, rng) for _ in range(_MEMBERS)]
        known = [each for each in members if each is not None]
        return np.stack(known) if len(known) == _MEMBERS else None

    def _member(
        self, taught: NDArray[np.int64], rng: np.random.Generator
    ) -> NDArray[np.float32] | None:
        for _ in range(_TRIES):
            found = self.predictions(rng.choice(taught, len(taught)), int(rng.integers(2**31)))
            if found is not None:
                return found
        # Of a rare label, a sample may have nothing.
        return self.predictions(taught, int(rng.integers(2**31)))

    def held_out(
        self, taught: NDArray[np.int64], rng: np.random.Generator
    ) -> NDArray[np.float32] | None:
        """Return `[len(taught), n_labels]` by models that were not taught the text in question.

        None where some part teaches nothing.
        """
        if len(taught) < _FOLDS:
            return None
        fold = rng.permutation(np.arange(len(taught)) % _FOLDS)
        found = np.empty((len(taught), len(self._corpus.labels)), dtype=np.float32)
        for each in range(_FOLDS):
            predicted = self.predictions(taught[fold != each], int(rng.integers(2**31)))
            if predicted is None:
                return None
            found[fold == each] = predicted[taught[fold == each]]
        return found
