"""Params of the maps."""

from __future__ import annotations

from typing import Annotated

from kodkod.api import Params, easy, medium, pro

__all__ = ["LearntParams", "PacmapParams", "PcaParams", "TsneParams", "UmapParams"]


class PcaParams(Params, frozen=True):
    """PCA has little to choose."""

    normalise: Annotated[
        bool, medium("Compare vectors by their direction only, as cosine similarity does")
    ] = False


class LearntParams(Params, frozen=True):
    """What the maps share that are learnt from a sample."""

    sample: Annotated[
        int,
        medium("Learn from this many texts; the others are placed among their nearest", ge=100),
    ] = 50_000
    normalise: Annotated[
        bool, medium("Compare vectors by their direction only, as cosine similarity does")
    ] = True
    dims: Annotated[
        int, pro("Reduce vectors to this many dimensions by PCA first", ge=2, le=500)
    ] = 50
    placed_by: Annotated[
        int, pro("Place a text that was not learnt from among so many nearest", ge=1, le=100)
    ] = 10


class PacmapParams(LearntParams, frozen=True):
    """What PaCMAP weighs."""

    neighbours: Annotated[
        int,
        easy("Nearest texts to keep near; more shows the whole, fewer the detail", ge=2, le=200),
    ] = 10
    mid_near: Annotated[
        float, pro("Pairs at middling distance for each nearest (the whole)", ge=0, le=10)
    ] = 0.5
    further: Annotated[
        float, pro("Pairs far apart for each nearest (pushes groups apart)", ge=0.1, le=10)
    ] = 2.0
    steps: Annotated[int, pro("Steps of the last of three phases", ge=1, le=5_000)] = 250


class UmapParams(LearntParams, frozen=True):
    """What UMAP weighs."""

    neighbours: Annotated[
        int,
        easy("Nearest texts to keep near; more shows the whole, fewer the detail", ge=2, le=200),
    ] = 15
    min_dist: Annotated[
        float, easy("How near points may come; small packs groups tightly", ge=0, le=1)
    ] = 0.1
    epochs: Annotated[
        int, pro("Rounds of the optimisation; 0 chooses by the number of texts", ge=0, le=5_000)
    ] = 0


class TsneParams(LearntParams, frozen=True):
    """What t-SNE weighs."""

    sample: Annotated[
        int,
        medium("Learn from this many texts; the others are placed among their nearest", ge=100),
    ] = 20_000
    perplexity: Annotated[
        float, easy("About how many texts count as near to each", ge=2, le=500)
    ] = 30.0
    exaggeration: Annotated[
        float, medium("Pull groups together; 1 is t-SNE, 4 looks like UMAP", ge=1, le=20)
    ] = 1.0
    early: Annotated[int, pro("Steps of the first phase, which forms groups", ge=0, le=5_000)] = 250
    steps: Annotated[int, pro("Steps of the second phase", ge=0, le=5_000)] = 500
