"""A model that knows nothing, and whose every answer fits the JSON Schema that it is held to.

Its logits are random, and llguidance masks those of tokens (here: bytes) that cannot follow.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

import numpy as np
from llguidance import LLMatcher, LLTokenizer
from llguidance.numpy import (
    allocate_token_bitmask,
    apply_token_bitmask_inplace,
    fill_next_token_bitmask,
)

from llm.scripted import Call, Served, chat

__all__ = ["SchemaModel"]

_PRINTABLE = range(0x20, 0x7F)
_LENGTH = 2_000
# Without it a string would go on for ever.
_QUOTE_BIAS = 3.0


class SchemaModel:
    """A script for chat completions: `response_format` of a JSON Schema, or one tool.

    What it says depends on the request's body alone. Without a schema it writes some letters.
    With `tools=False` a request that has tools is refused, as endpoints do that know none.
    """

    def __init__(self, *, schema: bool = True, tools: bool = True) -> None:
        self._schema = schema
        self._tools = tools
        self._tokenizer = LLTokenizer("byte")

    def __call__(self, call: Call) -> Served:
        if not call.path.endswith("/chat/completions"):
            return Served(status=404, body={"error": {"message": "no such path"}})
        if "tools" in call.body and not self._tools:
            return Served(status=400, body={"error": {"message": "this model has no tools"}})
        rng = _rng(call.body)
        if "tools" in call.body and call.schema is not None:
            said = self._write(call.schema, rng)
            function = {"name": "answer", "arguments": "".join(token for token, _ in said)}
            calls = [{"id": "t", "type": "function", "function": function}]
            return Served(body=chat(None, finish="tool_calls", tool_calls=calls))
        if call.schema is None or not self._schema:
            return Served(body=chat("".join(rng.choice(list("abcdefgh "), 20))))
        said = self._write(call.schema, rng)
        logprobs = {
            "content": [
                {"token": token, "logprob": logprob, "bytes": None, "top_logprobs": []}
                for token, logprob in said
            ]
        }
        written = "".join(token for token, _ in said)
        return Served(body=chat(written, logprobs=logprobs if call.body.get("logprobs") else None))

    def _write(self, schema: dict[str, Any], rng: np.random.Generator) -> list[tuple[str, float]]:
        """Return the bytes of an answer, each with its log-probability among those allowed."""
        compact = {"item_separator": ",", "key_separator": ":", "whitespace_flexible": False}
        grammar = LLMatcher.grammar_from_json_schema(schema, defaults=compact)
        matcher = LLMatcher(self._tokenizer, grammar)
        size = self._tokenizer.vocab_size
        mask = allocate_token_bitmask(1, size)
        said: list[tuple[str, float]] = []
        while not matcher.is_stopped() and len(said) < _LENGTH:
            logits = np.full((1, size), -np.inf, dtype=np.float32)
            logits[0, _PRINTABLE] = rng.standard_normal(len(_PRINTABLE))
            logits[0, ord('"')] += _QUOTE_BIAS
            logits[0, self._tokenizer.eos_token] = _QUOTE_BIAS
            fill_next_token_bitmask(matcher, mask)
            apply_token_bitmask_inplace(logits, mask)
            weights = np.exp(logits[0] - logits.max())
            token = int(rng.choice(size, p=weights / weights.sum()))
            if not matcher.consume_token(token):
                raise RuntimeError(matcher.get_error())
            if token != self._tokenizer.eos_token:
                said.append((chr(token), math.log(weights[token] / weights.sum())))
        return said


def _rng(body: dict[str, Any]) -> np.random.Generator:
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
