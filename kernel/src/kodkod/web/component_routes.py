"""What is installed."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import Parameter
from litestar.types import ControllerRouterHandler

from kodkod.web.access import Requires
from kodkod.web.contract import ComponentInfo, PluginInfo
from kodkod.web.services import Services

__all__ = ["routes"]
