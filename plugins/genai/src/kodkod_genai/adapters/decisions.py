"""`/v1/decisions` of OpenAI: typed questions, each answered by the probability of every choice."""

from __future__ import annotations

from typing import Any

import msgspec

from kodkod.api import LabelTask
from kodkod_genai.adapters.deciding import CHOOSE, FITS, decided, is_closed
from kodkod_genai.adapters.said import Adapter, Asked, Said
from kodkod_genai.endpoint import UnreadableAnswerError
from kodkod_genai.wire import ChoiceAnswer, Decided, PredicateAnswer, RefusalAnswer, Usage

__all__ = ["DecisionsAdapter"]

_MOST_CHOICES = 255
_MOST_QUESTIONS = 400


class DecisionsAdapter(Adapter):
    """One choice for the label, or a predicate for each where a text may have several."""

    name = "decisions"
    decides = True

    @classmethod
    def fits(cls, task: LabelTask) -> bool:
        """A label or labels, and no words about them."""
        return is_closed(task, most_choices=_MOST_CHOICES, most_questions=_MOST_QUESTIONS)

    async def ask(self, asked: Asked) -> Said:
        """Ask all of it in one call."""
        body = {
            **self.params.extra_body,
            "model": self.params.model,
            "input": [{"role": turn.role, "content": turn.content} for turn in asked.messages],
            "questions": self._questions(),
        }
        done = await self.endpoint.post("/decisions", body, Decided, key=asked.key)
        raw = msgspec.json.encode(done.answers).decode()
        usage = done.usage or Usage()
        if any(isinstance(each, RefusalAnswer) for each in done.answers):
            return Said(raw=raw, problem="the model refused", usage=usage)
        return decided(self.task, self._probabilities(done), raw, usage)

    def _probabilities(self, done: Decided) -> list[float]:
        if self.task.scheme_type == "multilabel":
            return [each.probability for each in done.answers if isinstance(each, PredicateAnswer)]
        first = done.answers[0] if done.answers else None
        if not isinstance(first, ChoiceAnswer):
            raise UnreadableAnswerError("there is no choice among the answers")
        given = {each.value: each.probability for each in first.probabilities}
        return [given[label] for label in self.task.labels if label in given]

    def _questions(self) -> list[dict[str, Any]]:
        task = self.task
        pairs = list(zip(task.labels, task.descriptions, strict=True))
        if task.scheme_type == "multilabel":
            return [
                {
                    "type": "predicate",
                    "name": str(place),
                    "instructions": f"{FITS.format(label=name)} {means}".rstrip(),
                }
                for place, (name, means) in enumerate(pairs)
            ]
        choices = [
            {"value": name, **({"description": means} if means else {})} for name, means in pairs
        ]
        return [{"type": "choice", "name": "label", "instructions": CHOOSE, "choices": choices}]
