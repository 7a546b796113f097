"""What each format sends: the fields that its documentation names, and nothing that acts."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from kodkod.api import Notification
from kodkod.web.telling import TEST, TYPES
from kodkod_webhooks.bodies import discord_body, json_body, mattermost_body, slack_body
from kodkod_webhooks.sentences import LONGEST, sentence

AT = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
JOB = {"job": {"id": "j1", "kind": "train", "state": "failed", "message": "", "error": "no labels"}}


def told(type_: str = "job.failed", **more) -> Notification:
    values = {
        "id": "msg_1",
        "at": AT,
        "project": "letters",
        "project_name": "Letters",
        "user": "ada",
        "link": "https://kodkod.example.org/projects/letters",
        "data": JOB,
        **more,
    }
    return Notification(type=type_, **values)


def test_json_has_what_the_specification_recommends():
    assert msgspec.json.decode(json_body(told())) == {
        "id": "msg_1",
        "type": "job.failed",
        "timestamp": "2026-05-01T12:30:00Z",
        "project": {"slug": "letters", "name": "Letters"},
        "user": "ada",
        "link": "https://kodkod.example.org/projects/letters",
        "data": JOB,
    }


@pytest.mark.parametrize("type_", [*TYPES, TEST])
def test_every_event_that_the_kernel_tells_has_a_sentence(type_):
    data = {
        **JOB,
        "scheme": "stance",
        "annotations": 3,
        "sources": {"human": 2, "llm": 1},
        "title": "Stabilising predictions",
        "sentence": "Kappa was above 0.99 three times.",
    }
    said = sentence(told(type_, data=data))
    assert said.startswith("Letters: ")
    assert type_ not in said
    assert said.endswith("(by ada)")


def test_a_scheme_that_is_gone_still_makes_a_sentence():
    assert sentence(told("scheme.deleted", data={"scheme": None}, user=None)) == (
        "Letters: a scheme was deleted."
    )


def test_slack_gets_its_three_signs_escaped_and_no_formatting():
    body = msgspec.json.decode(slack_body(told(project_name="<!channel> & <https://evil|x> *b*")))
    assert set(body) == {"text", "mrkdwn", "unfurl_links"}
    assert body["mrkdwn"] is False
    text, link = body["text"].rsplit(" ", 1)
    assert link == "<https://kodkod.example.org/projects/letters>"
    assert text.startswith("&lt;!channel&gt; &amp; &lt;https://evil|x&gt; *b*: the job train")
    assert "<" not in text


def test_nobody_is_called_in_mattermost():
    body = msgspec.json.decode(mattermost_body(told(project_name="@channel <!here> ~town [x](y)")))
    assert set(body) == {"text"}
    for call in ("@channel", "<!", "~town", "#", "[x]("):
        assert call not in body["text"]
    assert body["text"].endswith(" [→](https://kodkod.example.org/projects/letters)")


def test_nobody_is_pinged_in_discord_and_the_message_is_short_enough():
    body = msgspec.json.decode(discord_body(told(project_name="*" * 5_000 + "@everyone")))
    assert body["allowed_mentions"] == {"parse": []}
    assert len(body["content"]) <= 2_000
    assert body["content"].endswith("<https://kodkod.example.org/projects/letters>")
    far = told(link="https://example.org/" + "x" * 1_990)
    assert len(msgspec.json.decode(discord_body(far))["content"]) <= 2_000


def test_a_sentence_is_one_line_and_not_longer_than_allowed():
    said = sentence(told(project_name="a\nb\r\n" + "c" * 2_000))
    assert len(said) == LONGEST
    assert "\n" not in said
    assert said.startswith("a b c")


def test_without_a_public_address_there_is_no_link():
    for body in (slack_body, mattermost_body, discord_body):
        assert b"http" not in body(told(link=""))
