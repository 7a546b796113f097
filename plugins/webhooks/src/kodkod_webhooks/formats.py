"""The formats of webhooks: each is a body, sent in the one guarded way."""

from __future__ import annotations

import time
from abc import abstractmethod

from kodkod.api import Destination, NoParams, Notification, Notifier, Outcome
from kodkod_webhooks.addresses import check_url
from kodkod_webhooks.bodies import discord_body, json_body, mattermost_body, slack_body
from kodkod_webhooks.posting import post
from kodkod_webhooks.settings import read_settings
from kodkod_webhooks.signing import signature

__all__ = ["DiscordNotifier", "JsonNotifier", "MattermostNotifier", "SlackNotifier"]


class _WebhookNotifier(Notifier[NoParams]):
    """Posts a body; signs it where there is a key."""

    @abstractmethod
    def body(self, told: Notification) -> bytes:
        """Return what to send."""

    def check(self, address: str) -> str:
        """Return where an address leads, without its path, which may be as good as a password.

        Raises:
            InvalidInputError: it is none, or one that must not be told.
        """
        return check_url(address, read_settings())

    async def send(self, notification: Notification, destination: Destination) -> Outcome:
        """Post it once."""
        body, headers = self.body(notification), {}
        if destination.secrets:
            at = int(time.time())
            headers = {
                "webhook-id": notification.id,
                "webhook-timestamp": str(at),
                "webhook-signature": signature(destination.secrets, notification.id, at, body),
            }
        return await post(destination.address, body, headers, read_settings())


class JsonNotifier(_WebhookNotifier):
    """For programs."""

    def body(self, told: Notification) -> bytes:
        """Return the event as JSON."""
        return json_body(told)


class SlackNotifier(_WebhookNotifier):
    """For Slack's incoming webhooks."""

    def body(self, told: Notification) -> bytes:
        """Return a message."""
        return slack_body(told)


class MattermostNotifier(_WebhookNotifier):
    """For Mattermost's incoming webhooks."""

    def body(self, told: Notification) -> bytes:
        """Return a message."""
        return mattermost_body(told)


class DiscordNotifier(_WebhookNotifier):
    """For Discord's webhooks."""

    def body(self, told: Notification) -> bytes:
        """Return a message."""
        return discord_body(told)
