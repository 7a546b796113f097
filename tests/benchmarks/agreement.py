"""How long agreement takes: texts by coders, with every table and interval.

python tests/benchmarks/agreement.py [texts] [coders]
"""

from __future__ import annotations

import sys
import time

import numpy as np

from kodkod.api import Coded
from kodkod_agreement.label_sets import LabelSets
from kodkod_agreement.one_label import OneLabel
from kodkod_agreement.params import LabelParams, SetParams

_LABELS = tuple("abcdef")


def main() -> None:
    """Print the seconds of one label and of several labels a text."""
    texts, coders = (int(each) for each in (*sys.argv[1:], "100000", "5")[:2])
    rng = np.random.default_rng(1)
    names = tuple(f"coder {place}" for place in range(coders))
    k = len(_LABELS)
    truth = rng.integers(0, k, (texts, 1))
    said = np.where(rng.random((texts, coders)) < 0.7, truth, rng.integers(0, k, (texts, coders)))
    one = Coded(labels=_LABELS, coders=names, values=said)
    has = (said[:, :, None] == np.arange(k)).astype(np.int8)
    several = Coded(labels=_LABELS, coders=names, values=has)
    began = time.perf_counter()
    OneLabel(LabelParams()).measure(one, ("percent", "alpha", "cohen_kappa", "ac1"), rng)
    middle = time.perf_counter()
    LabelSets(SetParams()).measure(several, ("percent", "alpha_jaccard", "alpha_masi"), rng)
    ended = time.perf_counter()
    print(f"{texts} texts, {coders} coders, 1000 draws")
    print(f"one label: {middle - began:.1f} s, several labels: {ended - middle:.1f} s")


if __name__ == "__main__":
    main()
