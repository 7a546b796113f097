"""Sentences that say how to read agreement, with where the conventions come from."""

from __future__ import annotations

from collections.abc import Mapping

from kodkod.api import Coefficient

__all__ = ["draws_note", "machine_note", "reading_of"]

_ALPHA = (
    "Krippendorff (2004, p. 241) relies on data from 0.800 on and draws tentative conclusions from "
    "0.667 on"
)
_KAPPA = (
    "Landis and Koch (1977) call 0.41 to 0.60 moderate, 0.61 to 0.80 substantial and more almost "
    "perfect"
)
_CONVENTION = (
    "These are conventions and not properties of the data: how much is enough depends on what the "
    "labels are used for. Look at the tables to see which labels are mixed up."
)
_PLAIN = (
    "It is not corrected for chance, and has no threshold that is agreed on; what is reached by "
    "chance depends on how common the labels are."
)
_THRESHOLDS = {
    "alpha": _ALPHA,
    "alpha_ordinal": _ALPHA,
    "alpha_interval": _ALPHA,
    "alpha_jaccard": _ALPHA,
    "alpha_masi": _ALPHA,
    "alpha_u": _ALPHA,
    "cohen_kappa": _KAPPA,
    "fleiss_kappa": _KAPPA,
    "scott_pi": _KAPPA,
}


def reading_of(overall: Mapping[str, Coefficient]) -> str:
    """Return how to read the first coefficient that is corrected for chance, or else the first."""
    name = next((each for each in overall if each in _THRESHOLDS), next(iter(overall), None))
    if name is None:
        return ""
    found = overall[name]
    if found.value is None:
        return f"{name} is not defined here. {found.undefined}"
    between = "" if found.low is None else f" (95 % interval {found.low:.2f} to {found.high:.2f})"
    said = f"{name} is {found.value:.2f}{between}."
    threshold = _THRESHOLDS.get(name)
    return f"{said} {_PLAIN}" if threshold is None else f"{said} {threshold}. {_CONVENTION}"


def draws_note(random: int, pairable: int) -> list[str]:
    """Say what it means that not all texts were drawn at random."""
    if random >= pairable:
        return []
    note = (
        f"{pairable - random} of the {pairable} texts that two people coded were not drawn at "
        "random: a strategy, a search or somebody chose them. Strategies pick hard or rare texts, "
        "on which people agree less, or more, than on the corpus; for the corpus, have texts of a "
        "random sample coded twice."
    )
    return [note]


def machine_note(name: str, *, trained: bool) -> str:
    """Say that one of the coders is a machine."""
    learnt = (
        " It may have learnt from these people's labels, and then agrees with them more than it "
        "would on other texts; compare in the valid or the test split."
        if trained
        else ""
    )
    return (
        f"{name!r} is a machine. It was asked for by name and counts as a coder here, in every "
        f"figure; without it the figures are of people only.{learnt}"
    )
