"""The shapes of quality in the HTTP contract: gold texts, and how well people code."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from kodkod.web.contract import Request
from kodkod.web.scheme_contract import Note


class NewGold(Request, frozen=True):
    """A text whose answer is known. Without a `value` it is the one that counts for the text.

    A value that is not decided yet becomes an adjudication. `attention` marks a check that nobody
    who reads can fail; it is always silent. `note` says why, where feedback is given.
    """

    id: str
    value: Any = None
    attention: bool = False
    note: Note = ""


class NewGolds(Request, frozen=True):
    """Gold texts to be added or changed, all or none."""

    texts: Annotated[tuple[NewGold, ...], Meta(min_length=1, max_length=1000)]


class GoldIds(Request, frozen=True):
    """Texts that are to be gold no longer."""

    ids: Annotated[tuple[str, ...], Meta(min_length=1, max_length=1000)]


class GoldTextInfo(Struct, frozen=True, kw_only=True):
    """A gold text: what is right (null once that decision is taken back), and how it goes.

    `answered` counts the people who answered it, `correct` those of them who were right.
    """

    id: str
    text: str
    right: Any
    attention: bool
    note: str
    answered: int
    correct: int
    created_by: str
    created_at: datetime


class Share(Struct, frozen=True, kw_only=True):
    """How many `of` so many, and Wilson's 95 % interval (1927) of the share; null of none."""

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None


class Seconds(Struct, frozen=True, kw_only=True):
    """The time spent on a text: quartiles in seconds, over the answers with a time.

    `hasty` are those given at more than four times the mean rate of silent reading (238 words a
    minute: Brysbaert 2019, Journal of Memory and Language 109).
    """

    n: int
    q1: float | None
    median: float | None
    q3: float | None
    hasty: Share


class AnnotatorPeriod(Struct, frozen=True, kw_only=True):
    """A stretch of somebody's answers in the order in which they were given."""

    since: datetime
    until: datetime
    annotated: int
    seconds_median: float | None
    gold: Share
    others: Share
    labels: dict[str, float]


class Drift(Struct, frozen=True, kw_only=True):
    """The second half of somebody's answers against the first.

    Differences of shares have Newcombe's 95 % interval (1998, Statistics in Medicine 17, method
    10); `speed` is the second half's median time as a share of the first's. `labels` is the total
    variation distance of the labels' shares, `labels_p` the p-value of a chi-squared test that
    they are the same. What cannot be told is null.
    """

    gold: float | None
    gold_low: float | None
    gold_high: float | None
    others: float | None
    others_low: float | None
    others_high: float | None
    speed: float | None
    labels: float | None
    labels_p: float | None


class AnnotatorQuality(Struct, frozen=True, kw_only=True):
    """How somebody codes in a scheme, by the answers of theirs that stand.

    `gold` and `attention` are the shares of right answers to known texts, `adjudicated` that of
    answers that a decision confirmed, `others` that of pairs with another's answer to the same
    text that agree. `outdated` counts answers that a later codebook calls into question.
    """

    username: str
    annotated: int
    first_at: datetime
    last_at: datetime
    seconds: Seconds
    gold: Share
    attention: Share
    adjudicated: Share
    others: Share
    outdated: int
    periods: list[AnnotatorPeriod]
    drift: Drift | None
