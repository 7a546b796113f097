"""The labeller `local-llm`: a causal language model in the project's own worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from kodkod.api import InvalidInputError, JobContext, Labeller, LabelTask, Question, Rates, Reply
from kodkod_local_llm.hub import find_pretrained, weights_mark
from kodkod_local_llm.params import ChosenMethod, LocalLlmParams

__all__ = ["LocalLlm", "chosen_method"]

_ONLY_HOW_FAST = ("batch_tokens", "model", "revision")
_ONLY_WRITTEN = ("max_tokens", "temperature", "top_p", "samples", "seed")


class LocalLlm(Labeller[LocalLlmParams]):
    """A language model that is read from a folder or the hub, and given back when it is done."""

    def label(
        self, questions: Iterator[Question], task: LabelTask, ctx: JobContext
    ) -> Iterator[Reply]:
        """Yield replies a batch at a time; within some questions those with long prompts first.

        A question whose prompt and answer are longer than the model reads gets a reply `failed`
        that says so: nothing is ever cut.

        Raises:
            InvalidInputError: the params do not fit the scheme, or there is no such model.
            UnavailableError: the model cannot be had, or does not fit into memory.
        """
        method = chosen_method(self.params, task)
        # Here, so that a plan needs no torch.
        from kodkod_local_llm.run import answer_all

        yield from answer_all(self.params, method, questions, task, ctx)

    def identity(self) -> dict[str, Any]:
        """Return what replies depend on, the weights among it, but not the size of batches.

        Raises:
            InvalidInputError: there is no such model.
            UnavailableError: it is not on this machine and the hub does not answer.
        """
        found = find_pretrained(self.params.model, self.params.revision)
        given = msgspec.to_builtins(self.params)
        left_out = _ONLY_HOW_FAST
        if self.params.method == "decision":
            left_out += _ONLY_WRITTEN
        kept = {name: value for name, value in given.items() if name not in left_out}
        return {**kept, "model": found.name, "weights": weights_mark(found)}

    def rates(self) -> Rates:
        """Return that one text is read at a time, for no price; how fast, replies will tell."""
        return Rates(samples=self.params.samples)


def chosen_method(params: LocalLlmParams, task: LabelTask) -> ChosenMethod:
    """Return how questions are answered.

    Raises:
        InvalidInputError: a decision cannot do what the task or the params ask for, or several
            samples would all be the same.
    """
    written = {
        "spans": task.scheme_type == "span",
        "reasons": task.justify,
        "several samples": params.samples > 1,
    }
    needs = [name for name, needed in written.items() if needed]
    if params.method == "decision" and needs:
        raise InvalidInputError(
            f"a decision gives no {needs[0]}; choose the method constrained, or auto",
            field="method",
        )
    if params.samples > 1 and params.temperature == 0:
        raise InvalidInputError(
            "at a temperature of 0 all samples are the same; raise it, or ask for one",
            field="temperature",
        )
    return "constrained" if needs or params.method == "constrained" else "decision"
