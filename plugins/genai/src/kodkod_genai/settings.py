"""Which addresses an installation lets labellers ask: `[genai]` in the settings file."""

from __future__ import annotations

from typing import Annotated

from kodkod.api import Params, medium

__all__ = ["SECTION", "GenaiSettings"]

SECTION = "genai"


class GenaiSettings(Params, frozen=True, kw_only=True):
    """Endpoints are given by users, and the server can reach more than they can.

    A host goes by its name, or with a dot in front for all below it (`.example.org`). A host that
    is named must be public all the same, unless private addresses are allowed.
    """

    allowed_hosts: Annotated[
        tuple[str, ...], medium("Hosts that may be asked, and no others; none named: any")
    ] = ()
    allow_private: Annotated[
        bool,
        medium(
            "Let addresses be asked that are not of the public internet, such as this machine's "
            "or those of a local network"
        ),
    ] = False
