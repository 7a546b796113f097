"""Energy of LLM calls over a network, estimated from tokens: for plans, and for the ledger.

Nobody can measure it from here. The estimate for written tokens is that of EcoLogits (GenAI
Impact, https://ecologits.ai, methodology for LLM inference): a regression on the ML.ENERGY
leaderboard, measured on H100 cards that answer 64 requests at once,

    Wh of one card for a token = 1.17e-6 * exp(-1.12e-2 * 64) * P + 4.05e-5

with P billions of active parameters, times the cards (80 GB each, a power of two) that hold
weights of 16 bit with a fifth to spare, plus their share of a server of 1.2 kW and eight cards
for the time a token takes, 6.78e-4 * P + 3.12e-4 * 64 + 1.94e-2 seconds, shared by the 64
requests; all that times 1.2 for the data centre. Where a model has more parameters than are
active, it needs more cards than are counted here.

What the cards take for reading is left out there, but is most of the work when short answers are
asked of long texts. It is counted with the time that EcoLogits gives for it (after Agrawal et
al., 2024: 0.062 ms a token for 7.3 billion parameters on one A100), at the 400 W of such a card
and an eighth of the server.

As a check: Epoch AI's estimate for GPT-4o ("How much energy does ChatGPT use?", 2025) is 0.3 Wh
for 500 written tokens at 100 billion active parameters; this gives 0.4 Wh. Methods differ by
several times, and providers publish little: take the result for its order of magnitude.
"""

from __future__ import annotations

import math

__all__ = ["ASSUMED_PARAMETERS_B", "wh_per_read", "wh_per_written"]

ASSUMED_PARAMETERS_B = 100.0
"""Billions of active parameters of a model whose size is not known: Epoch AI's guess of GPT-4o."""

_BATCH = 64
_DATA_CENTRE = 1.2
_CARD_GB = 80.0
_SERVER_WATTS_PER_CARD = 1_200.0 / 8
_READING_WATTS = 400.0 + _SERVER_WATTS_PER_CARD
_READING_SECONDS_PER_BILLION = 0.062e-3 / 7.3


def wh_per_written(billions: float) -> float:
    """Return the watt-hours of one token that a model of this size writes."""
    card = 1.17e-6 * math.exp(-1.12e-2 * _BATCH) * billions + 4.05e-5
    seconds = 6.78e-4 * billions + 3.12e-4 * _BATCH + 1.94e-2
    server = seconds / 3_600 * _SERVER_WATTS_PER_CARD / _BATCH
    return _DATA_CENTRE * _cards(billions) * (card + server)


def wh_per_read(billions: float) -> float:
    """Return the watt-hours of one token that a model of this size reads."""
    seconds = _READING_SECONDS_PER_BILLION * billions
    return _DATA_CENTRE * seconds / 3_600 * _READING_WATTS


def _cards(billions: float) -> int:
    gigabytes = 1.2 * 2 * billions
    return 2 ** math.ceil(math.log2(max(1, math.ceil(gigabytes / _CARD_GB))))
