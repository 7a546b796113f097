"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, ProjectionSpec, Resources, hookimpl
from kodkod_projections.params import PacmapParams, PcaParams, TsneParams, UmapParams

API = "2.0"

# The libraries cannot be interrupted: a process of its own is ended, and what it held with it.
LONG = Resources(heavy=True, grace_seconds=0.5)


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the maps, the quick default first."""
    yield ProjectionSpec(
        name="pacmap",
        title="PaCMAP",
        summary="Groups and how they lie to one another; the quickest of the learnt maps",
        factory="kodkod_projections.pacmap:Pacmap",
        params=PacmapParams,
        resources=LONG,
    )
    yield ProjectionSpec(
        name="umap",
        title="UMAP",
        summary="Tight groups, known from many papers; distances between groups say little",
        factory="kodkod_projections.umap:Umap",
        params=UmapParams,
        resources=LONG,
    )
    yield ProjectionSpec(
        name="tsne",
        title="t-SNE",
        summary="The finest neighbourhoods; slow, and the whole says little",
        factory="kodkod_projections.tsne:Tsne",
        params=TsneParams,
        resources=LONG,
    )
    yield ProjectionSpec(
        name="pca",
        title="PCA",
        summary="The two directions in which vectors vary the most; in seconds, and linear",
        factory="kodkod_projections.pca:Pca",
        params=PcaParams,
        resources=LONG,
    )
