"""Which addresses an installation lets webhooks be sent to: `[webhooks]` in the settings file."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from kodkod.api import Params, medium, pro, read_section

__all__ = ["SECTION", "WebhookSettings", "read_settings"]

SECTION = "webhooks"


class WebhookSettings(Params, frozen=True, kw_only=True):
    """Addresses are given by users, and the server can reach more than they can.

    A host goes by its name, or with a dot in front for all below it (`.example.org`). A host that
    is named must be public all the same, unless private addresses are allowed.
    """

    allowed_hosts: Annotated[
        tuple[str, ...], medium("Hosts that may be told, and no others; none named: any")
    ] = ()
    allow_private: Annotated[
        bool,
        medium(
            "Let addresses be told that are not of the public internet, such as this machine's or "
            "those of a local network"
        ),
    ] = False
    timeout_seconds: Annotated[
        float, Meta(gt=0, le=25), pro("How long an attempt may take, from look-up to answer")
    ] = 15.0


def read_settings() -> WebhookSettings:
    """Return the settings of this installation."""
    return read_section(SECTION, WebhookSettings)
