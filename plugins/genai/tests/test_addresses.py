"""Which addresses are asked: by name, by number in every spelling, and by where a name leads."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import InvalidInputError, is_public
from kodkod_genai.addresses import AddressRefusedError, check_url
from kodkod_genai.settings import GenaiSettings
from llm.scripted import Served, animals

NOBODY = GenaiSettings()


@pytest.fixture
def public_only(monkeypatch):
    monkeypatch.delenv("KODKOD_GENAI_ALLOW_PRIVATE")


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
        *("100.64.0.1", "169.254.169.254", "192.0.2.1", "224.0.0.1", "255.255.255.255"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1%eth0"),
        *("fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "fd00:ec2::254"),
        *("64:ff9b::127.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::"),
    ],
)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::"],
)
def test_addresses_that_are_public(address):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_in_ipv6_as_it_is(address):
    for inside in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert is_public(inside) == is_public(str(address))
    assert is_public(str(address)) == (address.is_global and not address.is_multicast)


@given(st.ip_addresses(v=6))
def test_what_python_calls_private_is_never_public(address):
    if address.is_private and address.ipv4_mapped is None and address.sixtofour is None:
        assert not is_public(str(address))


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.org/v1", "http://", "https:///v1", "http://u:p@example.org/v1"),
        *("http://[::1/v1", "http://example.org:99999/v1", "file:///etc/passwd", "example.org"),
        *("http://0177.0.0.1/v1", "http://1.2.3.400/v1"),
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(InvalidInputError, match="no address of an endpoint"):
        check_url(url, NOBODY)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "[::1]", "[::ffff:7f00:1]", "169.254.169.254", "0.0.0.0", "[fe80::1]"]
)
def test_a_number_is_refused_before_anything_is_asked(host):
    with pytest.raises(AddressRefusedError, match="not a public address") as caught:
        check_url(f"http://{host}:8000/v1", NOBODY)
    assert "KODKOD_GENAI_ALLOW_PRIVATE" in caught.value.message
    check_url(f"http://{host}:8000/v1", GenaiSettings(allow_private=True))


def test_only_hosts_that_are_named_are_asked_where_any_are():
    settings = GenaiSettings(allowed_hosts=("api.example.org", ".example.com"))
    for host in ("api.example.org", "API.EXAMPLE.ORG.", "a.example.com", "b.a.example.com"):
        check_url(f"https://{host}/v1", settings)
    for host in ("example.org", "example.com", "notexample.com", "api.example.org.evil.net"):
        with pytest.raises(AddressRefusedError, match="not among those"):
            check_url(f"https://{host}/v1", settings)


def test_a_host_that_is_named_must_be_public_all_the_same():
    named = GenaiSettings(allowed_hosts=("127.0.0.1",))
    with pytest.raises(AddressRefusedError, match="not a public address"):
        check_url("http://127.0.0.1/v1", named)


# Hexadecimal forms are names to Python, and numbers to the resolver.
@pytest.mark.parametrize("host", ["localhost", "0x7f.1", "0x7f000001"])
def test_a_name_that_leads_to_this_machine_is_refused_when_it_is_looked_up(
    endpoint, asker, public_only, host
):
    server = endpoint()
    with pytest.raises(AddressRefusedError, match="not a public address"):
        asker.ask(f"http://{host}:{server.port}/v1", "a cat", adapter="schema")
    assert not server.calls


@pytest.mark.parametrize("host", ["2130706433", "017700000001", "127.1"])
def test_a_number_in_a_form_of_its_own_is_refused(endpoint, asker, host):
    server = endpoint()
    with pytest.raises(AddressRefusedError, match="usual form"):
        asker.ask(f"http://{host}:{server.port}/v1", "a cat", adapter="schema")
    assert not server.calls


def test_a_name_that_leads_elsewhere_after_the_check_gains_nothing(
    endpoint, asker, public_only, monkeypatch
):
    server = endpoint()
    led = iter(["203.0.113.7", "127.0.0.1"])

    def rebinding(host, port, *args, **kwargs):
        assert host == "rebind.example.org"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(led), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr("kodkod_genai.addresses.is_public", lambda ip: ip == "203.0.113.7")
    url = f"http://rebind.example.org:{server.port}/v1"
    # The first address is where it connects, without another look-up: nobody is there.
    (reply,) = asker.ask(url, "a cat", adapter="schema", retries=0, timeout_s=0.2)
    assert reply.state == "failed"
    with pytest.raises(AddressRefusedError, match=r"127\.0\.0\.1"):
        asker.ask(url, "a cat", adapter="schema", retries=0, timeout_s=0.2)
    assert not server.calls


def test_one_private_address_among_public_ones_is_enough_to_refuse(asker, public_only, monkeypatch):
    def both(host, port, *args, **kwargs):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in ("8.8.8.8", "169.254.169.254")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(AddressRefusedError, match=r"169\.254\.169\.254"):
        asker.ask("http://both.example.org/v1", "a cat", adapter="schema")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(endpoint, asker, status):
    other = endpoint()
    server = endpoint(
        lambda call: Served(status=status, headers={"location": f"{other.url}/chat/completions"})
    )
    with pytest.raises(InvalidInputError, match="leads to another one"):
        asker.ask(server.url, "a cat", adapter="schema", secret="key")
    assert not other.calls


def test_nothing_of_the_environment_is_sent_or_heeded(endpoint, asker, monkeypatch):
    server = endpoint()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "sk-of-the-server")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Of-The-Server: sk-of-the-server")
    (reply,) = asker.ask(server.url, "a cat")
    assert reply.value == "cat"
    for call in server.calls:
        assert "sk-of-the-server" not in str(call.headers)
        assert "authorization" not in call.headers
        assert call.headers["idempotency-key"] == call.key


def test_every_public_address_may_be_asked_by_default(asker):
    assert ipaddress.ip_address("8.8.8.8").is_global
    check_url("https://api.example.org/v1", NOBODY)
    check_url("http://8.8.8.8:8000/v1", NOBODY)


def test_a_body_without_end_is_given_up(endpoint, asker, monkeypatch):
    monkeypatch.setattr("kodkod_genai.guarded_client.LARGEST_BODY", 10_000)
    huge = Served(body=b"x" * 1_000_000)
    server = endpoint(lambda call: huge if "cat" in call.said else animals(call))
    cat, dog = asker.ask(server.url, "a cat", "a dog", adapter="schema")
    assert (cat.state, cat.raw, cat.calls) == ("failed", "", 1)
    assert "more than 10,000 bytes" in cat.problem
    assert dog.value == "dog"


def test_a_compressed_body_is_not_unpacked(endpoint, asker):
    server = endpoint(lambda call: Served(body=b"bomb", headers={"content-encoding": "gzip"}))
    (reply,) = asker.ask(server.url, "a cat", adapter="schema")
    assert reply.state == "failed"
    assert "compressed (gzip)" in reply.problem
    assert server.calls[0].headers["accept-encoding"] == "identity"
