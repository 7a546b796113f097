"""Plugins: found, checked, registered, and asked. A broken one is listed and harms nothing."""

from kodkod.plugins.registry import PluginRegistry
from kodkod.plugins.status import PluginStatus, Registered

__all__ = ["PluginRegistry", "PluginStatus", "Registered"]
