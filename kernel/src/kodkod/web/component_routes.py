"""What is installed."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.config.compression import CompressionConfig
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.api import ComponentSpec
from kodkod.plugins import PluginRegistry, Registered
from kodkod.web.access import Requires
from kodkod.web.contract import ComponentInfo, PluginInfo
from kodkod.web.given import Services

__all__ = ["routes"]

_SHOWN_APART = frozenset({"name", "title", "summary", "factory", "params"})

Kind = Annotated[
    str | None, QueryParameter(description="Only components of this kind: feature, model, ...")
]


@get("/plugins", operation_id="list_plugins", tags=["server"], requires=Requires.SIGNED_IN)
async def list_plugins(services: Services) -> list[PluginInfo]:
    """List the plugins, loaded or not, and why not."""
    return msgspec.convert(services.registry.plugins, list[PluginInfo], from_attributes=True)


# Their schemas are the largest answer that every page waits for, and hold nothing secret.
_PACKED = DefineMiddleware(CompressionMiddleware, config=CompressionConfig(backend="gzip"))


@get(
    "/components",
    operation_id="list_components",
    tags=["server"],
    requires=Requires.SIGNED_IN,
    middleware=[_PACKED],
)
async def list_components(services: Services, kind: Kind = None) -> list[ComponentInfo]:
    """List the components that can be used here, with the JSON Schema of their params."""
    registry = services.registry
    return [component_info(each, registry) for each in registry.components(kind)]


def component_info(registered: Registered, registry: PluginRegistry) -> ComponentInfo:
    """Show a component."""
    spec = registered.spec
    return ComponentInfo(
        kind=spec.kind,
        name=spec.name,
        title=spec.title,
        summary=spec.summary,
        plugin=registered.plugin,
        version=registered.version,
        capabilities=_capabilities(spec),
        schema=registry.schema(registered),
    )


def _capabilities(spec: ComponentSpec) -> dict[str, Any]:
    names = [name for name in spec.__struct_fields__ if name not in _SHOWN_APART]
    return {name: msgspec.to_builtins(getattr(spec, name)) for name in names}


routes: list[ControllerRouterHandler] = [list_plugins, list_components]
