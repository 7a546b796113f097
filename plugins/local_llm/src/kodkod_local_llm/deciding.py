"""The probability of each answer that a question may have, without writing any.

An answer's score is the full log-likelihood of its tokens after the prompt, and a softmax over
the answers of a group makes probabilities of scores (Brown et al. 2020, section 2.4, compare
completions so). Each answer is a whole JSON object, or yes and no, so that none is the beginning
of another, and the probabilities are those of a model that may say nothing else. Scores are not
divided by lengths: that would prefer long names, and be no probability. transformers' pipeline
`decision` is no choice here: its answers must each be a single token.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kodkod_local_llm.candidates import Decision
from kodkod_local_llm.heartbeat import Heartbeat
from kodkod_local_llm.loading import LanguageModel
from kodkod_local_llm.passes import Kept, go_on, read_prompts

__all__ = ["decide"]

_MOST_LOGITS = 2**27
"""Numbers in a pass's logits: a GB in float32, with their logarithms."""


def decide(
    llm: LanguageModel, decisions: Sequence[Decision], batch_tokens: int, heart: Heartbeat
) -> list[NDArray[np.float64]]:
    """Return for each question the probabilities of its answers, float64 `[n_answers]`.

    The prompt is read once, its keys and values are repeated for the answers, as many at a time
    as `batch_tokens` lets. All questions have the same number of answers.
    """
    n_answers = len(decisions[0].tails)
    with torch.inference_mode(), heart.inside(llm.model):
        width = max(len(tail) for each in decisions for tail in each.tails)
        logits, kept = read_prompts(llm, [each.shared for each in decisions], width)
        first = logits.float().log_softmax(-1)
        at_once = _answers_at_once(llm, decisions, width, batch_tokens)
        scores = torch.cat(
            [
                _scores(llm, decisions, range(start, min(start + at_once, n_answers)), first, kept)
                for start in range(0, n_answers, at_once)
            ],
            dim=1,
        )
    grouped = scores.double().cpu().view(len(decisions), -1, decisions[0].group)
    heart.count(tokens=sum(each.tokens for each in decisions))
    return list(grouped.softmax(-1).view(len(decisions), -1).numpy())


def _answers_at_once(
    llm: LanguageModel, decisions: Sequence[Decision], width: int, batch_tokens: int
) -> int:
    read = max(len(each.shared) for each in decisions)
    by_cache = batch_tokens // (len(decisions) * (read + width))
    by_logits = _MOST_LOGITS // (len(decisions) * width * llm.vocabulary)
    return max(1, min(by_cache, by_logits, len(decisions[0].tails)))


def _scores(
    llm: LanguageModel, decisions: Sequence[Decision], answers: range, first: Tensor, kept: Kept
) -> Tensor:
    """Return the log-likelihoods of some of the answers, float32 `[n, len(answers)]`."""
    asked = [(row, each.tails[i]) for row, each in enumerate(decisions) for i in answers]
    scored = [each.scored[i] for each in decisions for i in answers]
    width = max(len(tail) for _, tail in asked)
    ids = torch.full((len(asked), width), llm.filler)
    counts = torch.zeros(ids.shape, dtype=torch.bool)
    for place, ((_, tail), length) in enumerate(zip(asked, scored, strict=True)):
        ids[place, : len(tail)] = torch.tensor(tail)
        counts[place, len(tail) - length : len(tail)] = True
    ids, counts = ids.to(llm.device), counts.to(llm.device)
    said = first.gather(1, ids[:, 0].view(len(decisions), -1)).view(-1, 1)
    if width > 1:
        said = torch.cat([said, _after_the_first(llm, asked, ids, kept)], dim=1)
    return said.where(counts, 0).sum(1).view(len(decisions), len(answers))


def _after_the_first(
    llm: LanguageModel, asked: Sequence[tuple[int, list[int]]], ids: Tensor, kept: Kept
) -> Tensor:
    """Return log-probabilities of all tokens but the first, float32 `[n_asked, width - 1]`.

    Answers that differ in their last token alone, such as yes and no, are computed as one.
    """
    alike: dict[tuple[int, tuple[int, ...]], int] = {}
    places = [alike.setdefault((row, tuple(tail[:-1])), len(alike)) for row, tail in asked]
    width = ids.shape[1] - 1
    context = torch.full((len(alike), width), llm.filler)
    more = torch.zeros_like(context)
    for (_, tokens), place in alike.items():
        context[place, : len(tokens)] = torch.tensor(tokens, dtype=torch.int64)
        more[place, : len(tokens)] = 1
    own = kept.branch(torch.tensor([row for row, _ in alike], device=llm.device))
    logits = go_on(llm, own, context.to(llm.device), more.to(llm.device)).float()
    rows = torch.tensor(places, device=llm.device)[:, None]
    columns = torch.arange(width, device=llm.device)
    return logits.log_softmax(-1)[rows, columns, ids[:, 1:]]
