"""The shapes of agreement in the HTTP contract."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from kodkod.api import Coefficient

__all__ = ["AgreementOverTime", "AgreementView", "CoderView", "PairView"]


class CoderView(Struct, frozen=True, kw_only=True):
    """Somebody who coded, or a machine that was asked to be compared, and how many texts."""

    name: str
    machine: bool
    n: int


class PairView(Struct, frozen=True, kw_only=True):
    """Two coders on the `n` texts that both have coded, as `kodkod.api.PairAgreement`.

    `table[a][b]` counts the texts that the first gave `labels[a]` and the second `labels[b]`.
    `by_label` counts, with several labels a text the texts and with passages the characters, that
    both have, only the first, only the second and neither.
    """

    first: str
    second: str
    n: int
    overall: dict[str, Coefficient]
    table: list[list[int]] | None
    by_label: dict[str, list[int]] | None


class AgreementOverTime(Struct, frozen=True, kw_only=True):
    """Agreement on the texts of which the last vote lies from `start` to `end`."""

    start: datetime
    end: datetime
    n: int
    pairable: int
    overall: dict[str, Coefficient]


class AgreementView(Struct, frozen=True, kw_only=True):
    """How far people agree in a scheme, as of `seq` of the log.

    Of `n` texts that people have coded, `pairable` have two coders or more; only those count, and
    `single` were left out. `overall`, `by_label` and `by_pair` have coefficients by name.
    `coincidences[a][b]` is how often `labels[a]` and `labels[b]` meet, where a text has one label.

    `random_share` is the share of the pairable texts that were drawn at random, and `strategies`
    counts them by what chose them ("" where nobody was given them); `notes` say what that means,
    and what was bounded. `reading` says in a sentence how to read the first coefficient. `over`
    has a line for each stretch of time that was asked for.
    """

    scheme: str
    component: str
    seq: int
    labels: list[str]
    coders: list[CoderView]
    n: int
    pairable: int
    single: int
    random_share: float | None
    strategies: dict[str, int]
    overall: dict[str, Coefficient]
    by_label: dict[str, dict[str, Coefficient]]
    by_pair: list[PairView]
    coincidences: list[list[float]] | None
    over: list[AgreementOverTime]
    reading: str
    notes: list[str]
