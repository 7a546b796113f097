"""Answers written token by token, held to a grammar by llguidance."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer
from llguidance.hf import from_tokenizer
from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask
from msgspec import Struct, field
from torch import Tensor

from kodkod.api import UnavailableError
from kodkod_local_llm.heartbeat import Heartbeat
from kodkod_local_llm.loading import LanguageModel
from kodkod_local_llm.params import LocalLlmParams
from kodkod_local_llm.passes import Kept, go_on, read_prompts
from kodkod_local_llm.sampling import allowed_log_probabilities, choose

__all__ = ["Ask", "Writer", "Written"]


class Ask(Struct, frozen=True, kw_only=True):
    """A question as tokens, and the grammar of its answers."""

    key: str
    prompt: list[int]
    grammar: str


class Written(Struct, kw_only=True):
    """An answer, or its beginning where it has not come to its end (`whole`).

    `log_probabilities[i]` is of `tokens[i]` among those that the grammar allowed there, whatever
    the temperature; the first `forced` tokens were the only ones that could be.
    """

    matcher: LLMatcher
    generator: np.random.Generator
    tokens: list[int]
    log_probabilities: list[float]
    forced: int
    pieces: list[bytes] = field(default_factory=list)
    whole: bool = False

    @property
    def said(self) -> bytes:
        """What was written."""
        return b"".join(self.pieces)


class Writer:
    """Writes answers with one model. A grammar's tokenizer takes a second to make: keep it."""

    def __init__(self, llm: LanguageModel, params: LocalLlmParams, heart: Heartbeat) -> None:
        self._llm = llm
        self._params = params
        self._heart = heart
        ending = llm.tokenizer.eos_token_id
        self._tokens: LLTokenizer = from_tokenizer(
            llm.tokenizer, llm.vocabulary, llm.filler if ending is None else ending
        )

    def write(self, asks: Sequence[Ask]) -> list[list[Written]]:
        """Return `samples` answers to each question, computed side by side.

        Raises:
            UnavailableError: llguidance does not take a grammar.
            Cancelled: the job was asked to stop.
        """
        answers = [self._begin(ask) for ask in asks]
        begun = [(a, some) for a, some in zip(asks, answers, strict=True) if not some[0].whole]
        if begun:
            with torch.inference_mode(), self._heart.inside(self._llm.model):
                prompts = [[*ask.prompt, *some[0].tokens] for ask, some in begun]
                logits, kept = read_prompts(self._llm, prompts, self._params.max_tokens)
                self._heart.count(tokens=sum(map(len, prompts)))
                rows = torch.arange(len(begun), device=logits.device)
                rows = rows.repeat_interleave(self._params.samples)
                kept.select(rows)
                self._write_on([each for _, some in begun for each in some], logits[rows], kept)
        return answers

    def _begin(self, ask: Ask) -> list[Written]:
        """Return answers that have what each must begin with: it need not be computed."""
        matcher = LLMatcher(self._tokens, ask.grammar, log_level=0)
        forced = matcher.compute_ff_tokens()
        matcher.consume_tokens(forced)
        self._require_sound(matcher)
        return [
            Written(
                matcher=matcher.deep_copy(),
                generator=_generator(self._params.seed, ask.key, sample),
                tokens=list(forced),
                log_probabilities=[0.0] * len(forced),
                forced=len(forced),
                pieces=[self._tokens.decode_bytes([token]) for token in forced],
                whole=matcher.is_accepting(),
            )
            for sample in range(self._params.samples)
        ]

    def _write_on(self, open_: list[Written], logits: Tensor, kept: Kept) -> None:
        """Go on with all answers, a token at a time, until each is whole or long enough."""
        while True:
            chosen = self._next(open_, logits)
            going = [i for i, each in enumerate(open_) if self._goes_on(each)]
            self._heart.count(tokens=len(open_))
            if not going:
                return
            if len(going) < len(open_):
                rows = torch.tensor(going, device=chosen.device)
                kept.select(rows)
                chosen, open_ = chosen[rows], [open_[i] for i in going]
            ids = chosen[:, None]
            logits = go_on(self._llm, kept, ids, torch.ones_like(ids))[:, -1]

    def _next(self, open_: Sequence[Written], logits: Tensor) -> Tensor:
        masks = allocate_token_bitmask(len(open_), self._llm.vocabulary)
        for row, each in enumerate(open_):
            fill_next_token_bitmask(each.matcher, masks, row)
        scores = allowed_log_probabilities(logits, masks)
        generators = [each.generator for each in open_]
        chosen = choose(scores, self._params.temperature, self._params.top_p, generators)
        said = scores.gather(1, chosen[:, None]).squeeze(1)
        found = zip(open_, chosen.tolist(), said.tolist(), strict=True)
        for each, token, log_probability in found:
            each.matcher.consume_token(token)
            self._require_sound(each.matcher)
            each.tokens.append(token)
            each.log_probabilities.append(log_probability)
            each.pieces.append(self._tokens.decode_bytes([token]))
        return chosen

    def _goes_on(self, written: Written) -> bool:
        # No answer can be longer than one that is whole: its last brace ends it.
        written.whole = written.matcher.is_accepting()
        return not written.whole and len(written.tokens) < self._params.max_tokens

    def _require_sound(self, matcher: Any) -> None:
        if matcher.is_error():
            raise UnavailableError(
                f"answers cannot be held to this scheme with this model: {matcher.get_error()}"
            )


def _generator(seed: int, key: str, sample: int) -> np.random.Generator:
    digest = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    return np.random.default_rng([seed, sample, int.from_bytes(digest[:8], "big")])
