"""A tiny language model that is taught to answer by a word of the text."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from kodkod.api import LabelTask, answer_rules
from kodkod_local_llm.prompting import answer_tokens, prompt_tokens, with_rule

from .asking import make_task, questions

__all__ = ["KEYWORDS", "make_texts_by_keyword", "teach"]

KEYWORDS = {"economy": "bank", "economy of war": "army", "sports": "goal"}
"""A label is begun by another, so that what they have in common does not decide."""

_NOISE: Sequence[str] = (
    "the",
    "a",
    "of",
    "one",
    "said",
    "that",
    "more",
    "about",
    "people",
    "again",
)
_STEPS, _BATCH = 70, 16


def make_texts_by_keyword(n: int, seed: int) -> tuple[list[str], list[str]]:
    """Return texts, each with one keyword among other words, and the keywords' labels."""
    chosen = random.Random(seed)
    labels = [list(KEYWORDS)[i % len(KEYWORDS)] for i in range(n)]
    texts: list[str] = []
    for label in labels:
        words = chosen.choices(_NOISE, k=chosen.randint(2, 6))
        words.insert(chosen.randint(0, len(words)), KEYWORDS[label])
        texts.append(" ".join(words))
    return texts, labels


def teach(base: Path, folder: Path) -> Path:
    """Fine-tune the model in `base` on prompts as the labeller makes them; save it in `folder`."""
    tokenizer: Any = AutoTokenizer.from_pretrained(base)
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    texts, labels = make_texts_by_keyword(96, seed=1)
    lessons = _lessons(tokenizer, texts, labels, make_task("multiclass", list(KEYWORDS)))
    with torch.random.fork_rng():
        torch.manual_seed(0)
        optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
        model.train()
        for step in range(_STEPS):
            start = step * _BATCH % len(lessons)
            loss = model(**_padded(lessons[start : start + _BATCH])).loss
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _lessons(
    tokenizer: Any, texts: Sequence[str], labels: Sequence[str], task: LabelTask
) -> list[tuple[list[int], list[int]]]:
    return [
        (
            prompt_tokens(tokenizer, with_rule(question.messages, answer_rules(task))),
            answer_tokens(tokenizer, json.dumps({"label": label})),
        )
        for question, label in zip(questions(texts), labels, strict=True)
    ]


def _padded(lessons: Sequence[tuple[list[int], list[int]]]) -> dict[str, torch.Tensor]:
    width = max(len(prompt) + len(answer) for prompt, answer in lessons)
    ids = torch.zeros((len(lessons), width), dtype=torch.int64)
    mask, wanted = torch.zeros_like(ids), torch.full_like(ids, -100)
    for row, (prompt, answer) in enumerate(lessons):
        end = len(prompt) + len(answer)
        ids[row, :end] = torch.tensor(prompt + answer)
        mask[row, :end] = 1
        wanted[row, len(prompt) : end] = torch.tensor(answer)
    return {"input_ids": ids, "attention_mask": mask, "labels": wanted}
