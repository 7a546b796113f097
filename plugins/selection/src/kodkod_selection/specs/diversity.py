"""Batches of texts that differ, with and without a model."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import Need, StrategySpec
from kodkod_selection.badge import BadgeParams
from kodkod_selection.batches import BatchParams
from kodkod_selection.clue import ClueParams
from kodkod_selection.contrastive import ContrastiveParams
from kodkod_selection.core_set import CoreSetParams
from kodkod_selection.discriminative import DiscriminativeParams
from kodkod_selection.diverse import DiverseParams
from kodkod_selection.drop_query import DropQueryParams
from kodkod_selection.probcover import ProbCoverParams
from kodkod_selection.typiclust import TypiClustParams

__all__ = ["representative", "uncertain_and_diverse"]

EMBEDDED: tuple[Need, ...] = ("embeddings",)
JUDGED: tuple[Need, ...] = ("probabilities", "embeddings")
KEPT_CLEAR: tuple[Need, ...] = ("labelled", "candidates")
"""Texts that cannot be drawn, or are labelled, take no place in a batch."""
SUBPOOLED: tuple[Need, ...] = (*KEPT_CLEAR, "neighbours")
"""And the sub-pool can be a neighbourhood."""


def uncertain_and_diverse() -> Iterable[StrategySpec]:
    """Declare what weighs probabilities with embeddings."""
    yield StrategySpec(
        name="diverse",
        title="Uncertain and different",
        summary="Of the most uncertain texts some that differ; for many annotators at once",
        factory="kodkod_selection.diverse:Diverse",
        params=DiverseParams,
        needs=JUDGED,
        uses=SUBPOOLED,
    )
    yield StrategySpec(
        name="clue",
        title="Clusters of uncertainty (CLUE)",
        summary="One text from each part of the corpus, parts of uncertain texts being smaller",
        factory="kodkod_selection.clue:Clue",
        params=ClueParams,
        needs=JUDGED,
        uses=SUBPOOLED,
    )
    yield StrategySpec(
        name="badge",
        title="Diverse gradients (BADGE)",
        summary="Texts that would change the guide much, each in another way",
        factory="kodkod_selection.badge:Badge",
        params=BadgeParams,
        needs=JUDGED,
        uses=SUBPOOLED,
    )
    yield StrategySpec(
        name="contrastive",
        title="Unlike its neighbours (CAL)",
        summary="Texts that the guide judges otherwise than the labelled texts nearest to them",
        factory="kodkod_selection.contrastive:Contrastive",
        params=ContrastiveParams,
        needs=(*JUDGED, "labelled"),
        uses=("candidates",),
    )


def representative() -> Iterable[StrategySpec]:
    """Declare what needs embeddings and no guide."""
    yield StrategySpec(
        name="embedding-kmeans",
        title="One of each kind (k-means)",
        summary="One text from each part of the corpus; for the very first texts",
        factory="kodkod_selection.embedding_kmeans:EmbeddingKMeans",
        params=BatchParams,
        needs=EMBEDDED,
        uses=SUBPOOLED,
    )
    yield StrategySpec(
        name="typiclust",
        title="Typical texts (TypiClust)",
        summary="The most typical text of each part that has no label yet; for a cold start",
        factory="kodkod_selection.typiclust:TypiClust",
        params=TypiClustParams,
        needs=EMBEDDED,
        uses=SUBPOOLED,
    )
    yield StrategySpec(
        name="probcover",
        title="Covering the corpus (ProbCover)",
        summary="Texts with the most others near them that no labelled text is near to",
        factory="kodkod_selection.probcover:ProbCover",
        params=ProbCoverParams,
        needs=EMBEDDED,
        uses=SUBPOOLED,
    )
    yield StrategySpec(
        name="core-set",
        title="Farthest away (core-set)",
        summary="Texts farthest from everything that is labelled; covers a corpus to its edges",
        factory="kodkod_selection.core_set:CoreSet",
        params=CoreSetParams,
        needs=EMBEDDED,
        uses=SUBPOOLED,
    )
    yield StrategySpec(
        name="discriminative",
        title="Least like the labelled (DAL)",
        summary="Texts that a small model can best tell from the labelled ones",
        factory="kodkod_selection.discriminative:Discriminative",
        params=DiscriminativeParams,
        needs=EMBEDDED,
        uses=SUBPOOLED,
    )
    yield StrategySpec(
        name="drop-query",
        title="Unstable under dropout (DropQuery)",
        summary="Texts whose label changes when part of the embedding is left out, all different",
        factory="kodkod_selection.drop_query:DropQuery",
        params=DropQueryParams,
        needs=(*EMBEDDED, "labelled"),
        uses=("candidates", "neighbours"),
    )
