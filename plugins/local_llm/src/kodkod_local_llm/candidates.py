"""Which answers a decision is made among, as tokens."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from kodkod.api import InvalidInputError, LabelTask, Message, answer_rules
from kodkod_local_llm.prompting import answer_tokens, common_beginning, prompt_tokens, with_rule

__all__ = ["Decision", "decision_of"]


class Decision(Struct, frozen=True, kw_only=True):
    """A question with the answers that it may have, as tokens.

    All begin with `shared`, and go on with one of `tails`, of which the last `scored[i]` tokens
    are the answer and those before belong to the prompt. Each `group` answers go together: their
    probabilities sum to 1.
    """

    shared: list[int]
    tails: list[list[int]]
    scored: list[int]
    group: int

    @property
    def tokens(self) -> int:
        """Return how many tokens are computed: of each answer all but its last."""
        return len(self.shared) + sum(map(len, {tuple(tail[:-1]) for tail in self.tails}))

    @property
    def longest(self) -> int:
        """Return the tokens of the longest prompt with its answer."""
        return len(self.shared) + max(map(len, self.tails))


def decision_of(tokenizer: Any, messages: Sequence[Message], task: LabelTask) -> Decision:
    """Return the answers to a question: one group of labels, or of several yes and no for each.

    Raises:
        InvalidInputError: the tokenizer does not tell two labels apart.
    """
    if task.scheme_type == "multilabel":
        prompts = [
            prompt_tokens(tokenizer, with_rule(messages, _yes_or_no(task, i)))
            for i in range(len(task.labels))
        ]
        answers = [answer_tokens(tokenizer, each) for each in ("yes", "no")]
    else:
        prompts = [prompt_tokens(tokenizer, with_rule(messages, answer_rules(task)))]
        answers = [answer_tokens(tokenizer, _as_json(label)) for label in task.labels]
        _require_distinct(answers, task.labels)
    whole = [prompt + answer for prompt in prompts for answer in answers]
    lengths = [len(answer) for _ in prompts for answer in answers]
    shared = common_beginning(whole)
    return Decision(
        shared=whole[0][:shared],
        tails=[each[shared:] for each in whole],
        scored=[
            min(length, len(each) - shared) for each, length in zip(whole, lengths, strict=True)
        ],
        group=len(answers),
    )


def _as_json(label: str) -> str:
    return json.dumps({"label": label}, ensure_ascii=False)


def _yes_or_no(task: LabelTask, label: int) -> str:
    name = json.dumps(task.labels[label], ensure_ascii=False)
    meant = f" ({task.descriptions[label]})" if task.descriptions[label] else ""
    return f"Does the label {name}{meant} apply to the text? Answer with yes or no, nothing else."


def _require_distinct(answers: Sequence[Sequence[int]], labels: Sequence[str]) -> None:
    seen: dict[tuple[int, ...], str] = {}
    for tokens, label in zip(answers, labels, strict=True):
        other = seen.setdefault(tuple(tokens), label)
        if other != label:
            raise InvalidInputError(
                f"the model's tokenizer does not tell the labels {other!r} and {label!r} apart; "
                "rename one, or choose another model",
                field="model",
            )
