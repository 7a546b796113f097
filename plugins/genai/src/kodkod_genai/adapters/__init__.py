"""Ways to ask an endpoint for an answer that can be read: the surest first."""

from __future__ import annotations

from kodkod_genai.adapters.chat import ParseAdapter, SchemaAdapter, ToolsAdapter
from kodkod_genai.adapters.decisions import DecisionsAdapter
from kodkod_genai.adapters.said import Adapter, Asked, Said
from kodkod_genai.adapters.systemone import SystemOneAdapter

__all__ = ["ADAPTERS", "Adapter", "Asked", "Said"]

ADAPTERS: dict[str, type[Adapter]] = {
    each.name: each
    for each in (DecisionsAdapter, SystemOneAdapter, SchemaAdapter, ToolsAdapter, ParseAdapter)
}
