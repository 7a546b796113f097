"""How sure a model was of a label that it wrote, from the probabilities of its tokens."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from kodkod_genai.wire import TokenLogprob

__all__ = ["label_certainty"]


def label_certainty(content: str, tokens: Sequence[TokenLogprob]) -> float | None:
    """Return the mean probability (geometric) of the tokens that a label was written with.

    That is the exponential of the mean of their log-probabilities, each given what was written
    before, so that a label is not less sure for being long. Tokens that the label shares with
    what is around it count in full. None where the label is not found among the tokens.
    """
    label = _written_label(content)
    start = "".join(each.token for each in tokens).rfind(label) if label else -1
    if label is None or start == -1:
        return None
    end, place = start + len(label), 0
    logprobs: list[float] = []
    for each in tokens:
        after = place + len(each.token)
        if place < end and after > start:
            logprobs.append(each.logprob)
        place = after
    return math.exp(min(sum(logprobs) / len(logprobs), 0.0))


def _written_label(content: str) -> str | None:
    """Return the label as it stands in an answer, with the escapes of JSON."""
    try:
        found = json.loads(content)
    except ValueError:
        return content.strip() or None
    label = found.get("label") if isinstance(found, dict) else None
    if not isinstance(label, str):
        return None
    for ascii_ in (False, True):
        written = json.dumps(label, ensure_ascii=ascii_)[1:-1]
        if written and written in content:
            return written
    return None
