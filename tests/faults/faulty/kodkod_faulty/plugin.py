from typing import Annotated, Literal

from kodkod.api import FeatureSpec, Params, Resources, easy, hookimpl

API = "2.0"
LIGHT = Resources()
HEAVY = Resources(heavy=True)


class GatedParams(Params, frozen=True):
    """`trace` gets a line with its process's id for each run; it goes on once `gate` exists."""

    trace: Annotated[str, easy("File that tells who ran")]
    gate: Annotated[str, easy("File to wait for")]
    dim: int = 16


class FatalParams(Params, frozen=True):
    trace: Annotated[str, easy("File that tells who ran")]
    how: Literal["exit", "kill", "kill-worker"] = "exit"


class WideParams(Params, frozen=True):
    """4 bytes for each dimension of each text."""

    dim: int = 4_096


@hookimpl
def register_components():
    def feature(name, factory, params, resources):
        return FeatureSpec(
            name=name,
            title=name,
            summary=name,
            factory=f"kodkod_faulty.parts:{factory}",
            params=params,
            resources=resources,
        )

    yield feature("gated", "Gated", GatedParams, LIGHT)
    yield feature("gated-heavy", "Gated", GatedParams, HEAVY)
    yield feature("deaf", "Deaf", GatedParams, LIGHT)
    yield feature("deaf-heavy", "Deaf", GatedParams, HEAVY)
    yield feature("fatal", "Fatal", FatalParams, LIGHT)
    yield feature("fatal-heavy", "Fatal", FatalParams, HEAVY)
    yield feature("wide", "Wide", WideParams, LIGHT)
    yield feature("wide-heavy", "Wide", WideParams, HEAVY)
