"""Where webhooks are sent, and what the other side can do to us: nothing."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from kodkod.api import InvalidInputError
from kodkod_webhooks.addresses import AddressRefusedError, check_url
from kodkod_webhooks.posting import post
from kodkod_webhooks.settings import WebhookSettings, read_settings

ANYWHERE = WebhookSettings(allow_private=True)
PUBLIC = WebhookSettings()


async def sent(url: str, settings: WebhookSettings = ANYWHERE):
    return await post(url, b"{}", {}, settings)


async def test_what_is_taken_is_delivered(receiver):
    outcome = await sent(receiver.url)
    assert (outcome.state, outcome.status) == ("delivered", 204)
    (got,) = receiver.got
    assert (got.body, got.headers["content-type"]) == (b"{}", "application/json")


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.org", "ftp://example.org/x", "https:///x", "https://u:p@example.org/x"),
        *("https://example.org:99999/", "http://[::1", "https://exa mple.org/", "https://a\nb/"),
    ],
)
def test_what_is_no_address_is_refused_without_repeating_it(url):
    with pytest.raises(InvalidInputError, match="no address that can be told") as caught:
        check_url(url, ANYWHERE)
    assert not url or url not in caught.value.message.replace("https://example.org/hooks", "")


def test_of_an_address_only_its_origin_is_shown():
    shown = check_url("https://hooks.example.org:8443/services/T0/B0/s3cret?key=s3cret", PUBLIC)
    assert shown == "https://hooks.example.org:8443"
    assert check_url("HTTPS://Hooks.Example.org:443/x", PUBLIC) == "https://hooks.example.org"
    assert check_url("https://müller.example/x", PUBLIC) == "https://xn--mller-kva.example"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "[::ffff:7f00:1]",
        "169.254.169.254",
        "10.0.0.1",
        "0.0.0.0",
        "[fe80::1]",
    ],
)
def test_a_private_number_is_refused_when_it_is_entered(host):
    with pytest.raises(AddressRefusedError, match="not a public address") as caught:
        check_url(f"http://{host}/x", PUBLIC)
    assert "KODKOD_WEBHOOKS_ALLOW_PRIVATE" in caught.value.message
    check_url(f"http://{host}/x", ANYWHERE)


@pytest.mark.parametrize("host", ["localhost", "0x7f.1", "0x7f000001", "2130706433", "127.1"])
async def test_a_name_that_leads_to_this_machine_is_refused_when_it_is_sent(receiver, host):
    outcome = await sent(f"http://{host}:{receiver.port}/x", PUBLIC)
    assert outcome.state == "refused"
    assert receiver.got == []


async def test_a_name_that_leads_elsewhere_after_the_check_gains_nothing(receiver, monkeypatch):
    led = iter(["203.0.113.7", "127.0.0.1"])

    def rebinding(host, port, *args, **kwargs):
        assert host == "rebind.example.org"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(led), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr("kodkod_webhooks.addresses.is_public", lambda ip: ip == "203.0.113.7")
    settings = WebhookSettings(timeout_seconds=0.3)
    url = f"http://rebind.example.org:{receiver.port}/x"
    # The first address is where it connects, without another look-up: nobody is there.
    assert (await sent(url, settings)).state == "failed"
    assert (await sent(url, settings)).state == "refused"
    assert receiver.got == []


async def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    def both(host, port, *args, **kwargs):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in ("8.8.8.8", "169.254.169.254")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    assert (await sent("http://both.example.org/x", PUBLIC)).state == "refused"


async def test_only_hosts_that_are_named_are_told_where_any_are(receiver):
    named = WebhookSettings(allow_private=True, allowed_hosts=("hooks.example.org", ".example.com"))
    check_url("https://hooks.example.org/x", named)
    check_url("https://a.example.com/x", named)
    for host in ("example.org", "example.com", "hooks.example.org.evil.net"):
        with pytest.raises(AddressRefusedError, match="not among those"):
            check_url(f"https://{host}/x", named)
    assert (await sent(receiver.url, named)).state == "refused"
    assert receiver.got == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(receiver, other, status):
    receiver.answers = lambda _: (status, {"Location": other.url})
    outcome = await sent(receiver.url)
    assert (outcome.state, outcome.status) == ("failed", status)
    assert "not followed" in outcome.problem
    assert other.got == []


async def test_an_answer_without_end_is_cut_off(receiver):
    receiver.answers, receiver.endless = lambda _: (200, {}), True
    began = time.monotonic()
    outcome = await sent(receiver.url)
    assert outcome.state == "delivered"
    assert time.monotonic() - began < 5


async def test_whoever_does_not_answer_is_given_up(receiver):
    receiver.hold.clear()
    outcome = await sent(receiver.url, WebhookSettings(allow_private=True, timeout_seconds=0.3))
    assert outcome.state == "failed"
    assert "0.3 seconds" in outcome.problem


async def test_nobody_there_is_a_failure_that_does_not_tell_the_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    outcome = await sent(f"http://127.0.0.1:{port}/s3cret")
    assert outcome.state == "failed"
    assert "s3cret" not in outcome.problem


async def test_gone_is_gone(receiver):
    receiver.answers = lambda _: (410, {})
    assert (await sent(receiver.url)).state == "gone"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), ("0.75", 0.75), ("soon", None), ("-5", None), ("inf", None), ("nan", None)],
)
async def test_it_is_heard_when_to_come_back(receiver, said, seconds):
    receiver.answers = lambda _: (429, {"Retry-After": said})
    outcome = await sent(receiver.url)
    assert (outcome.state, outcome.retry_after) == ("failed", seconds)


async def test_a_date_to_come_back_at_is_heard_too(receiver):
    at = format_datetime(datetime.fromtimestamp(time.time() + 100, tz=UTC), usegmt=True)
    receiver.answers = lambda _: (503, {"Retry-After": at})
    outcome = await sent(receiver.url)
    assert outcome.retry_after is not None
    assert 90 < outcome.retry_after <= 100


async def test_nothing_of_the_environment_is_heeded(receiver, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert (await sent(receiver.url)).state == "delivered"


def test_the_settings_are_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("KODKOD_WEBHOOKS_ALLOWED_HOSTS", "a.example,.b.example")
    assert read_settings() == WebhookSettings(
        allow_private=True, allowed_hosts=("a.example", ".b.example")
    )
