"""Declares the formats of webhooks. Importing this imports nothing heavy."""

from __future__ import annotations

from collections.abc import Iterable

from kodkod.api import ComponentSpec, NotifierSpec, SettingsSection, hookimpl
from kodkod_webhooks.settings import SECTION, WebhookSettings

API = "2.3"


@hookimpl
def register_settings() -> Iterable[SettingsSection]:
    """Declare `[webhooks]`."""
    yield SettingsSection(name=SECTION, params=WebhookSettings)


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the formats."""
    yield NotifierSpec(
        name="json",
        title="JSON, signed",
        summary="For a program of your own: the event as JSON, signed as Standard Webhooks says",
        factory="kodkod_webhooks.formats:JsonNotifier",
        signed=True,
    )
    yield NotifierSpec(
        name="slack",
        title="Slack",
        summary="A message to a channel, through an incoming webhook",
        factory="kodkod_webhooks.formats:SlackNotifier",
    )
    yield NotifierSpec(
        name="mattermost",
        title="Mattermost",
        summary="A message to a channel, through an incoming webhook",
        factory="kodkod_webhooks.formats:MattermostNotifier",
    )
    yield NotifierSpec(
        name="discord",
        title="Discord",
        summary="A message to a channel, through a webhook of the channel",
        factory="kodkod_webhooks.formats:DiscordNotifier",
    )
