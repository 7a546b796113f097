"""What is known of a plugin, and of a component once it is registered."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from kodkod.api import ComponentSpec

__all__ = ["PluginStatus", "Registered", "State"]

State = Literal["loaded", "partial", "failed"]


class PluginStatus(Struct, frozen=True, kw_only=True):
    """A plugin, and why it is not loaded or not whole.

    `components` are `kind/name`. A plugin is `partial` if some of its components were left
    out, and `failed` if nothing of it is in use.
    """

    name: str
    version: str
    distribution: str
    state: State
    reasons: list[str] = []
    components: list[str] = []


class Registered(Struct, frozen=True):
    """A component and the plugin that it came with."""

    spec: ComponentSpec
    plugin: str
    version: str
