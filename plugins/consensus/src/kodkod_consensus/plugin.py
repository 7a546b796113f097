"""Specs of the plugin; importing this imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import ComponentSpec, ConsensusSpec, hookimpl
from kodkod_consensus.params import DawidSkeneParams, MaceParams

API = "2.2"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the ways to a consensus, in the order in which they are shown."""
    yield ConsensusSpec(
        name="majority",
        title="Majority",
        summary="What most coders say; where two labels have as many votes, it is tied",
        factory="kodkod_consensus.majority:Majority",
        competence="The share of a coder's votes that are the majority's, ties left out",
    )
    yield ConsensusSpec(
        name="dawid-skene",
        title="Dawid and Skene",
        summary="Weighs votes by which labels each coder takes for which",
        factory="kodkod_consensus.dawid_skene:DawidSkene",
        params=DawidSkeneParams,
        competence="The probability that a coder gives a text its true label, the labels being as "
        "frequent as they are",
    )
    yield ConsensusSpec(
        name="mace",
        title="MACE",
        summary="Weighs votes by how often each coder answers without looking",
        factory="kodkod_consensus.mace:Mace",
        params=MaceParams,
        competence="The probability that a coder gives a text its true label by looking, not by "
        "guessing",
    )
