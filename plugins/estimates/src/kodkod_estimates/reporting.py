"""From a solution to figures with intervals and what is to be said of them."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Estimate, EstimatorData, InvalidInputError
from kodkod_estimates.design import Weighted
from kodkod_estimates.equations import Solution

__all__ = ["report", "wilson"]

Floats = NDArray[np.float64]

_NOTHING = 1e-12
FEW_TEXTS = 30
FEW_OF_A_KIND = 5


def report(
    data: EstimatorData,
    sample: Weighted,
    solution: Solution,
    *,
    trust: float,
    fitted: int,
    method: str,
    citation: str,
    used: Floats | None,
) -> list[Estimate]:
    """Return an estimate for each covariate.

    `fitted` parameters beside the first were learnt from the sample, each of which costs a degree
    of freedom. `used` are the machine labels, None where there were none.

    Raises:
        InvalidInputError: no degree of freedom is left.
    """
    # Not above: the server plans by the same classes and needs none of it.
    from scipy.special import stdtrit

    fitted += len(solution.theta) - 1
    degrees = sample.degrees - fitted
    if degrees < 1:
        raise InvalidInputError(
            f"{len(sample.design)} coded texts are too few for this question; draw at least "
            f"{len(sample.design) + 1 - degrees}."
        )
    wider = data.population == "wider"
    variances = solution.variances(sample, trust, wider=wider) * (1 + fitted / degrees)
    doubt = None if _plain(sample, used) else rare_errors(data, sample, solution)
    if doubt is not None:
        variances = np.maximum(variances, doubt)
    spread, n = solution.spread(sample) * data.n_rows, len(sample.design)
    errors = np.sqrt(np.maximum(variances, 0))
    cautions = _cautions(data, rare=doubt is not None)
    quantile = float(stdtrit(degrees, (1 + data.level) / 2))
    figures = []
    for name, value, error, total in zip(
        data.names, solution.theta.tolist(), errors.tolist(), spread.tolist(), strict=True
    ):
        low, high = value - quantile * error, value + quantile * error
        if data.estimand == "share":
            inside = int((data.covariates[data.design.rows, 0] > 0).sum())
            low, high = wilson(value, error, quantile, inside)
            value = min(max(value, 0.0), 1.0)
        figures.append(
            Estimate(
                name=name,
                value=value,
                standard_error=error,
                low=low,
                high=high,
                level=data.level,
                n_human=n,
                n_machine=0 if used is None else data.n_rows,
                n_effective=total / error**2 if error > 0 else None,
                method=method,
                citation=citation,
                warnings=cautions,
            )
        )
    return figures


def wilson(value: float, error: float, quantile: float, n: int) -> tuple[float, float]:
    """Return an interval of a share that stays between 0 and 1.

    It is Wilson's (1927) for the number of independent texts that would give this standard
    error, so it holds for rare labels and any design (Korn and Graubard 1998). Where neither 0
    nor 1 was seen, the number is that of the `n` texts coded.
    """
    p = min(max(value, 0.0), 1.0)
    if error < _NOTHING:
        if 0 < p < 1:
            return p, p
        size = float(n)
    else:
        size = p * (1 - p) / error**2 if 0 < p < 1 else float(n)
    z2 = quantile**2 / max(size, 1.0)
    middle = (p + z2 / 2) / (1 + z2)
    half = math.sqrt(z2 * (p * (1 - p) + z2 / 4)) / (1 + z2)
    return min(max(middle - half, 0.0), p), max(min(middle + half, 1.0), p)


def rare_errors(data: EstimatorData, sample: Weighted, solution: Solution) -> Floats | None:
    """Return the variances that errors too rare to be seen may cause; None where enough are seen.

    An error is a text whose human label lies more than a half from where the machine and the
    stratum put it. With fewer than 5 of them what was seen says little of their share, so the
    upper end of the share's interval takes its place, each as large as an error can be.
    """
    inside = (data.covariates[data.design.rows] != 0).any(axis=1)
    seen = np.abs(sample.centred(solution.left))[inside] > 0.5
    if not len(seen) or seen.sum() >= FEW_OF_A_KIND:
        return None
    share = float(seen.mean())
    quantile = NormalDist().inv_cdf((1 + data.level) / 2)
    if share > 0:
        _, most = wilson(share, math.sqrt(share * (1 - share) / len(seen)), quantile, len(seen))
    else:
        _, most = wilson(0.0, 0.0, quantile, len(seen))
    missing = 1 - data.design.inclusion
    return most * ((missing * sample.weights**2) @ solution.leverage**2)


def _plain(sample: Weighted, machine: Floats | None) -> bool:
    """Tell whether only the labels themselves can be rare, which Wilson's interval allows for."""
    return machine is None and len(sample.design.stratum_sizes) == 1


def _cautions(data: EstimatorData, *, rare: bool) -> list[str]:
    inside = slice(None)
    if data.estimand == "share":
        inside = data.covariates[data.design.rows, 0] > 0
    said = data.outcome[inside]
    found: list[str] = []
    if len(said) < FEW_TEXTS:
        found.append(
            f"Only {len(said)} coded texts: below {FEW_TEXTS} an interval rests on its formula "
            "more than on the texts, and may be too narrow although Student's t widens it."
        )
    positives = int(said.sum())
    if min(positives, len(said) - positives) < FEW_OF_A_KIND:
        found.append(
            f"{positives} of {len(said)} coded texts have the label; with fewer than "
            f"{FEW_OF_A_KIND} with or without it, take the interval for a rough one."
        )
    if rare:
        found.append(
            f"Machine or strata are wrong in fewer than {FEW_OF_A_KIND} coded texts. Errors so "
            "rare may be missed, so the interval allows for as many as the sample does not rule "
            "out."
        )
    return found
