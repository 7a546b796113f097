"""`/v1/systemone`: typed decisions of `transformers serve`, by the probability of each option."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from kodkod.api import LabelTask, Message
from kodkod_genai.adapters.deciding import CHOOSE, FITS, decided, is_closed
from kodkod_genai.adapters.said import Adapter, Asked, Said
from kodkod_genai.wire import SystemOne, Usage

__all__ = ["SystemOneAdapter"]

# Options go by the letters A to Z there.
_MOST_CHOICES = 26
_MOST_QUESTIONS = 64


class SystemOneAdapter(Adapter):
    """A choice for the label, or a yes or no for each where a text may have several."""

    name = "systemone"
    decides = True

    @classmethod
    def fits(cls, task: LabelTask) -> bool:
        """A label or labels, not too many, and no words about them."""
        return is_closed(task, most_choices=_MOST_CHOICES, most_questions=_MOST_QUESTIONS)

    async def ask(self, asked: Asked) -> Said:
        """Ask all of it in one call. Extra fields are not sent: they would be refused."""
        body = {
            "model": self.params.model,
            "state": _state(asked.messages),
            "questions": self._questions(),
        }
        done = await self.endpoint.post("/systemone", body, SystemOne, key=asked.key)
        raw = msgspec.json.encode(done.answers).decode()
        return decided(self.task, self._probabilities(done), raw, done.usage or Usage())

    def _probabilities(self, done: SystemOne) -> list[float]:
        """Return the probabilities that are there, by label; `decided` counts them."""
        if self.task.scheme_type == "multilabel":
            named = (done.answers.get(str(place)) for place in range(len(self.task.labels)))
            given = [each.noul for each in named if each is not None]
        else:
            answer = done.answers.get("label")
            by_label = (answer.probabilities if answer else None) or {}
            given = [by_label.get(label) for label in self.task.labels]
        return [each for each in given if each is not None]

    def _questions(self) -> dict[str, Any]:
        task = self.task
        pairs = list(zip(task.labels, task.descriptions, strict=True))
        if task.scheme_type == "multilabel":
            return {
                str(place): {
                    "type": "noul",
                    "instructions": FITS.format(label=name),
                    "criteria": {"true": means or None, "false": None},
                }
                for place, (name, means) in enumerate(pairs)
            }
        criteria = {name: means or None for name, means in pairs}
        return {"label": {"type": "choice", "instructions": CHOOSE, "criteria": criteria}}


def _state(messages: Sequence[Message]) -> str:
    """Return the turns as one text, and say who spoke where several did."""
    spoken = [turn for turn in messages if turn.role != "system"]
    if len(spoken) < 2:
        return "\n\n".join(turn.content for turn in messages)
    return "\n\n".join(f"{turn.role}: {turn.content}" for turn in messages)
