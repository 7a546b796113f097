"""How many human labels an interval of a given width needs."""

from __future__ import annotations

import math
from statistics import NormalDist

from kodkod.api import InvalidInputError, LabelPlan, PlanInput

__all__ = ["assisted_plans", "labels_needed", "variance_of_label"]

_FEWEST = 30


def variance_of_label(wanted: PlanInput) -> float:
    """Return the variance of the label over the texts.

    Raises:
        InvalidInputError: what is wanted makes no sense.
    """
    for name, low, high in (
        ("prevalence", 0, 1),
        ("half_width", 0, 0.5),
        ("level", 0, 1),
    ):
        if not low < getattr(wanted, name) < high:
            raise InvalidInputError(f"{name} must be between {low} and {high}.", field=name)
    if not -1 <= wanted.correlation <= 1:
        raise InvalidInputError("correlation must be from -1 to 1.", field="correlation")
    return wanted.prevalence * (1 - wanted.prevalence)


def labels_needed(
    variance: float, wanted: PlanInput, within: float | None = None, fitted: int = 0
) -> int:
    """Return the number n for which half an interval is `half_width`.

    `variance` is n times that of an estimate from n of many texts, and `within` that over the
    texts of the corpus which the finite population correction takes off, divided by `n_rows`
    (None: the same). `fitted` parameters cost a text each (Cochran 1977, 4.8 and 5.9).
    """
    z = NormalDist().inv_cdf((1 + wanted.level) / 2)
    allowed = (wanted.half_width / z) ** 2
    left = allowed + (variance if within is None else within) / wanted.n_rows
    n = math.ceil(variance / left) + fitted
    return min(max(n, _FEWEST), wanted.n_rows)


def assisted_plans(estimator: str, wanted: PlanInput) -> list[LabelPlan]:
    """Return the plans of an estimator that a machine assists.

    By simple random sampling the variance is what the machine does not explain, `v (1 - r^2)`.
    The strata are those of a machine's label that is as frequent as the true one, with Neyman's
    allocation; the guess of correlation says how pure they are.
    """
    variance = variance_of_label(wanted)
    unexplained = variance * (1 - wanted.correlation**2)
    p, r = wanted.prevalence, wanted.correlation
    strata = [(p, p + r * (1 - p)), (1 - p, p * (1 - r))]
    deviations = [(share, math.sqrt(max(q * (1 - q), 0.0))) for share, q in strata]
    neyman = sum(share * deviation for share, deviation in deviations) ** 2
    within = sum(share * deviation**2 for share, deviation in deviations)
    plans = [
        LabelPlan(
            estimator=estimator,
            design="simple",
            n_human=labels_needed(unexplained, wanted, fitted=1),
            note="The machine explains the square of the correlation.",
        )
    ]
    if r >= 0:
        plans.append(
            LabelPlan(
                estimator=estimator,
                design="stratified",
                n_human=labels_needed(neyman, wanted, within, fitted=1),
                note="Drawn by the machine's label with Neyman's allocation.",
            )
        )
    return plans
