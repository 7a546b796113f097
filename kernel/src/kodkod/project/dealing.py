"""Dealing texts among people: places of texts in, places for each person out.

All of it is deterministic under a seed. Loads differ by at most one, and in pairs every two people
share about equally many texts, so that their agreement can be computed for each pair.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Places", "deal_apart", "deal_by_shares", "deal_overlapping", "hand_over"]

Places = NDArray[np.int64]

_PERIOD = 4_096


def deal_apart(n_texts: int, n_people: int, seed: int) -> list[Places]:
    """Deal each text to one person; return each person's places, ascending."""
    return deal_overlapping(n_texts, n_people, share=0.0, k=1, seed=seed)


def deal_by_shares(n_texts: int, shares: Sequence[float], seed: int) -> list[Places]:
    """Deal each text to one person, by shares, which count in proportion to their sum.

    Whole texts are given by the largest remainder.
    """
    wanted = np.asarray(shares, dtype=np.float64) / sum(shares) * n_texts
    sizes = np.floor(wanted).astype(np.int64)
    by_remainder = np.argsort(-(wanted - sizes), kind="stable")
    sizes[by_remainder[: n_texts - int(sizes.sum())]] += 1
    order = np.random.default_rng(seed).permutation(n_texts)
    return [np.sort(part) for part in np.split(order, np.cumsum(sizes)[:-1])]


def deal_overlapping(
    n_texts: int, n_people: int, *, share: float, k: int, seed: int
) -> list[Places]:
    """Deal a share of the texts to k people each and the rest to one; return places, ascending.

    For k = 2 the numbers of texts that pairs have in common differ by at most one.
    """
    rng = np.random.default_rng(seed)
    order, people = rng.permutation(n_texts), rng.permutation(n_people)
    n_shared = round(share * n_texts) if k > 1 else 0
    groups = _groups(n_shared, n_people, k)
    loads = np.bincount(groups.ravel(), minlength=n_people)
    # Those with the fewest shared texts come first where the others are dealt in turn.
    turns = np.argsort(loads, kind="stable")
    alone = turns[np.arange(n_texts - n_shared) % n_people]
    places = np.concatenate([np.repeat(order[:n_shared], groups.shape[1]), order[n_shared:]])
    owners = people[np.concatenate([groups.ravel(), alone])]
    return [np.sort(places[owners == person]) for person in range(n_people)]


def hand_over(given: Places, held: Sequence[Places]) -> tuple[list[Places], Places]:
    """Deal texts that somebody gives up among others, never one to a person who has it.

    Each goes to whoever has fewest among `held`. Returns what each of them has then, and the
    places that nobody could take, since all have them already.
    """
    there = [set(places.tolist()) for places in held]
    nobody: list[int] = []
    for place in given.tolist():
        free = [each for each in there if place not in each]
        if free:
            min(free, key=len).add(place)
        else:
            nobody.append(place)
    return [_sorted(each) for each in there], _sorted(nobody)


def _sorted(places: set[int] | list[int]) -> Places:
    return np.array(sorted(places), dtype=np.int64)


def _groups(n: int, n_people: int, k: int) -> Places:
    """Return `[n, k]`: who codes each shared text, so that loads never differ by more than one."""
    if n == 0:
        return np.zeros((0, max(k, 1)), dtype=np.int64)
    if k == 2:
        cycle = _pairs_of_odd(n_people) if n_people % 2 else _pairs_of_even(n_people)
    else:
        # After this many groups everybody has equally many, so that the groups can begin anew.
        even = n_people // int(np.gcd(n_people, k))
        cycle = _greedy(min(n, even * max(1, _PERIOD // even)), n_people, k)
    return cycle[np.arange(n) % len(cycle)]


def _pairs_of_even(n_people: int) -> Places:
    """Return every pair once, in rounds in which each person is once (the circle method)."""
    last, pairs = n_people - 1, []
    for turn in range(last):
        pairs.append((last, turn))
        pairs += [((turn + step) % last, (turn - step) % last) for step in range(1, n_people // 2)]
    return np.array(pairs, dtype=np.int64)


def _pairs_of_odd(n_people: int) -> Places:
    """Return every pair once, by Hamiltonian cycles (Walecki, in Lucas 1892).

    Every second edge of a cycle, all the way round twice: loads never differ by more than one.
    """
    around, pairs = n_people - 1, []
    for turn in range(around // 2):
        zigzag = [(turn + (step + 1) // 2 * (1 if step % 2 else -1)) % around
                  for step in range(around)]  # fmt: skip
        cycle = [around, *zigzag]
        edges = [(cycle[i], cycle[(i + 1) % n_people]) for i in range(n_people)]
        pairs += edges[::2] + edges[1::2]
    return np.array(pairs, dtype=np.int64)


def _greedy(n: int, n_people: int, k: int) -> Places:
    """Give each text to those with the fewest, of these to whoever has met the others least."""
    loads = np.zeros(n_people, dtype=np.int64)
    met = np.zeros((n_people, n_people), dtype=np.int64)
    groups = np.empty((n, k), dtype=np.int64)
    for text in range(n):
        chosen: list[int] = []
        for _ in range(k):
            with_these = met[:, chosen].sum(axis=1) if chosen else met.sum(axis=1)
            taken = np.isin(np.arange(n_people), chosen)
            order = np.lexsort((with_these, loads, taken))
            chosen.append(int(order[0]))
        loads[chosen] += 1
        met[np.ix_(chosen, chosen)] += 1
        groups[text] = chosen
    return groups
