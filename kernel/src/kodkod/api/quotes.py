"""Where a quote is in its text, although whoever quotes may change small things."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["locate_quote"]

_EDITS = 0.1
"""Of the characters of a quote, how many may differ: one in ten."""

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4", "'"),
        **dict.fromkeys('\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"', "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        # What is not seen: soft hyphen, zero-width characters, byte order mark.
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)

_Place = tuple[int, int]


def locate_quote(text: str, quote: str, taken: Sequence[_Place] = ()) -> _Place | None:
    """Return where `quote` is in `text`: character offsets, half-open. None: it is not clear.

    It is looked for as it stands; then with differences in white space, in the form of quotation
    marks and dashes, in case and in Unicode's form left out of account; then with at most one
    character in ten different (inserted, missing or another), which is only taken where one
    stretch of the text alone fits. Of several places the first is meant that is a word or more
    by itself and overlaps none of `taken`, so that a quote that is repeated takes the next one.
    """
    quote = quote.strip()
    if not quote:
        return None
    places = list(_exact(text, quote))
    if not places:
        folded, wanted = _fold(text), _fold(quote).text.strip()
        places = list(_alike(folded, wanted)) or _near(folded, wanted)
    whole = [place for place in places if _is_whole(text, place)]
    return next((place for place in whole or places if _is_free(place, taken)), None)


def _is_free(place: _Place, taken: Sequence[_Place]) -> bool:
    return all(place[1] <= start or end <= place[0] for start, end in taken)


def _is_whole(text: str, place: _Place) -> bool:
    """Whether no word is cut at either end."""
    return not any(
        0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum() for at in place
    )


def _exact(text: str, quote: str) -> Iterator[_Place]:
    at = text.find(quote)
    while at >= 0:
        yield at, at + len(quote)
        at = text.find(quote, at + 1)


class _Folded(NamedTuple):
    """A text without what may differ, and from which character of the text each one comes."""

    text: str
    origin: list[int]

    def place(self, start: int, end: int) -> _Place:
        return self.origin[start], self.origin[end - 1] + 1


def _fold(text: str) -> _Folded:
    characters: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        for each in unicodedata.normalize("NFKD", character).casefold().translate(_ALIKE):
            kept = " " if each.isspace() else each
            if kept != " " or (characters and characters[-1] != " "):
                characters.append(kept)
                origin.append(at)
    return _Folded("".join(characters), origin)


def _alike(folded: _Folded, wanted: str) -> Iterator[_Place]:
    if not wanted:
        return
    for start, end in _exact(folded.text, wanted):
        # An accent that comes apart from its letter belongs to it: "cafe" is not in "café".
        if end == len(folded.text) or not unicodedata.combining(folded.text[end]):
            yield folded.place(start, end)


def _near(folded: _Folded, wanted: str) -> list[_Place]:
    """Return the one stretch that is almost `wanted`; nothing if there is none, or another."""
    allowed = int(len(wanted) * _EDITS)
    if not allowed or not folded.text:
        return []
    text, quote = _code_points(folded.text), _code_points(wanted)
    edits = _least_edits(quote, text, anchored=False)
    end = int(edits.argmin())
    fits = np.flatnonzero(edits <= allowed)
    if edits[end] > allowed or np.any(np.abs(fits - end) > 2 * allowed):
        return []
    before = text[max(0, end - len(wanted) - allowed) : end][::-1]
    length = int(_least_edits(quote[::-1], before, anchored=True).argmin())
    return [folded.place(end - length, end)]


def _least_edits(
    quote: NDArray[np.uint32], text: NDArray[np.uint32], *, anchored: bool
) -> NDArray[np.int64]:
    """Return the edits from `quote` to a stretch that ends at each place, int64 `[len(text) + 1]`.

    A stretch begins anywhere, or where the text does if it is `anchored`. After Sellers, "The
    theory and computation of evolutionary distances", Journal of Algorithms 1 (1980), a row of
    the table at a time: what is inserted is counted by a running minimum.
    """
    places = np.arange(len(text) + 1)
    row = places.copy() if anchored else np.zeros_like(places)
    for removed, character in enumerate(quote, start=1):
        below = row + 1
        np.minimum(below[1:], row[:-1] + (text != character), out=below[1:])
        below[0] = removed
        row = np.minimum.accumulate(below - places) + places
    return row


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
