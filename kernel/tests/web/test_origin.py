"""Where a request comes from, and whose word counts for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import InvalidInputError
from kodkod.web.origin import address_behind, agent_of, network_of, trusted_networks

PROXIES = trusted_networks(["10.0.0.0/8", "2001:db8:ffff::/48"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.1", ["203.0.113.7"], "192.0.2.1"),
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7, 10.2.2.2"], "203.0.113.7"),
        # what a client wrote itself stands in front of what the proxy added
        ("10.0.0.1", ["127.0.0.1, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["127.0.0.1", "203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["203.0.113.7, nonsense"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("2001:db8:ffff::1", ["2001:db8::5"], "2001:db8::5"),
        ("::ffff:10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("testclient", ["203.0.113.7"], "testclient"),
    ],
)
def test_the_last_address_that_no_trusted_proxy_has(peer, forwarded, address):
    assert address_behind(peer, forwarded, PROXIES) == address


@given(st.lists(st.text(max_size=40), max_size=4))
def test_nothing_that_is_sent_moves_an_untrusted_peer(forwarded):
    assert address_behind("192.0.2.1", forwarded, PROXIES) == "192.0.2.1"


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_whoever_has_an_ipv6_network_has_one_place(one, other):
    from ipaddress import IPv6Address

    base = int(IPv6Address("2001:db8:1:2::"))
    places = {network_of(str(IPv6Address(base + each))) for each in (one, other)}
    assert places == {"2001:db8:1:2::/64"}
    assert network_of("2001:db8:1:3::1") not in places


def test_an_ipv4_address_is_one_however_it_is_written():
    assert network_of("::ffff:203.0.113.7") == network_of("203.0.113.7") == "203.0.113.7"
    assert network_of("") == network_of("testclient") == ""


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/2010 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Safari/605.1.15",
            "Safari on macOS",
        ),
        ("python-httpx/0.28.1", "python-httpx/0.28.1"),
        ("<script>alert(1)</script>", ""),
        ("=cmd|' /C calc'!A0", ""),
        ("", ""),
    ],
)
def test_a_program_is_told_in_few_harmless_words(header, said):
    assert agent_of(header) == said


@given(st.text())
def test_no_header_gets_anything_harmful_through(header):
    assert not set("<>&\"'=\n\r") & set(agent_of(header))


def test_a_proxy_that_is_no_address_is_named():
    with pytest.raises(InvalidInputError, match="'my-proxy'"):
        trusted_networks(["my-proxy"])
