"""`kodkod plugins`: what is installed, and why something is not."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kodkod.web.app import load_registry

__all__ = ["plugins"]

_STYLES = {"loaded": "green", "partial": "yellow", "failed": "red"}


def plugins() -> None:
    """List the plugins with their components; a plugin that is left out says why."""
    table = Table("plugin", "version", "state", "components")
    for each in load_registry().plugins:
        # Names and reasons come from the plugins: shown as they are, not as markup.
        told = Text("\n".join(each.components))
        for reason in each.reasons:
            told.append(("\n" if told else "") + reason, style="red")
        state = Text(each.state, style=_STYLES[each.state])
        table.add_row(Text(each.name), Text(each.version), state, told)
    Console().print(table)
