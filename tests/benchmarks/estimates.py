"""How often intervals hold the truth, and how wide they are: the table of docs/estimates.md.

python tests/benchmarks/estimates.py [samples]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from estimating.corpora import Draw, Machine, draw, everything, make_corpus
from estimating.estimators import ESTIMATORS
from kodkod.api import Estimand

_N = 400
_DRAWS: tuple[Draw, ...] = ("uniform", "stratified", "unequal")
_MACHINES: tuple[Machine, ...] = ("good", "useless", "biased")
_ESTIMANDS: tuple[Estimand, ...] = ("share", "logistic")


def measure(
    name: str, estimand: Estimand, how: Draw, machine: Machine, samples: int
) -> tuple[float, float]:
    """Return the share of figures held by their intervals, and the last figure's mean width."""
    corpus, rng = make_corpus(machine), np.random.default_rng(41)
    whole = corpus.ask(estimand, everything(len(corpus.labels)))
    truth = np.array([each.value for each in ESTIMATORS["random-sample"].estimate(whole, rng)])
    held, width = np.zeros(len(truth)), 0.0
    for _ in range(samples):
        found = ESTIMATORS[name].estimate(corpus.ask(estimand, draw(corpus, how, _N, rng)), rng)
        held += [e.low <= value <= e.high for e, value in zip(found, truth, strict=True)]
        width += found[-1].high - found[-1].low
    return float(held.mean() / samples), width / samples


def main() -> None:
    """Print the table."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    print("| figure | drawn | machine | " + " | ".join(ESTIMATORS) + " |")
    print("|---|---|---|" + "---|" * len(ESTIMATORS))
    for estimand in _ESTIMANDS:
        for how in _DRAWS:
            for machine in _MACHINES:
                cells = []
                for name in ESTIMATORS:
                    held, width = measure(name, estimand, how, machine, samples)
                    cells.append(f"{100 * held:.1f} %, {width:.3f}")
                print(f"| {estimand} | {how} | {machine} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
