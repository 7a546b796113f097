"""Signatures, by the example of the specification."""

from __future__ import annotations

from kodkod_webhooks.signing import signature

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EXAMPLE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_example_of_the_specification_has_its_signature():
    body = b'{"test": 2432232314}'
    assert signature([KEY], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == EXAMPLE


def test_two_keys_give_two_signatures():
    both = signature([KEY, "whsec_c2Vjb25k"], "msg_1", 1, b"{}").split(" ")
    assert both[0] == signature([KEY], "msg_1", 1, b"{}")
    assert both[0] != both[1]
    assert all(each.startswith("v1,") for each in both)
