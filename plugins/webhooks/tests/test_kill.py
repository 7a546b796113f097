"""A server that is killed between attempts loses nothing, and sends under the same id."""

from __future__ import annotations

from pathlib import Path

from kodkod_sdk import Client, NewScheme, NewWebhook, ProjectConfig
from server_process import ServerProcess

from .receiving import Receiver


def test_a_delivery_outlives_kill_9(tmp_path: Path, receiver: Receiver) -> None:
    # Given a real server, and a receiver that fails
    receiver.answers = lambda _: (500, {})
    corpus = tmp_path / "texts.csv"
    corpus.write_text("id,text\n1,a\n2,b\n3,c\n")
    config = ProjectConfig(name="Killed", id_column="id", text_columns=["text"])
    with ServerProcess(
        tmp_path / "data",
        environment={"KODKOD_WEBHOOKS_ALLOW_PRIVATE": "true"},
        arguments=("--cpu-workers=0", "--live-workers=0", "--gpu-workers=0"),
    ) as server:
        with Client(server.url, username="root", password=server.root_password) as client:
            project = client.create_project(corpus, config)
            project.create_webhook(
                NewWebhook(name="ours", url=receiver.url, events=["scheme.created"])
            )
            project.create_scheme(NewScheme(name="tone", type="multiclass", labels=["a", "b"]))
        receiver.wait(1)

        # When it is killed before the next attempt, and started again
        server.kill()
        tried = len(receiver.got)
        receiver.answers = lambda _: (200, {})
        server.restart()

        # Then what was not taken comes again, once, as the same
        got = receiver.wait(tried + 1, seconds=60)
        assert len({each.headers["webhook-id"] for each in got}) == 1
        with Client(server.url, username="root", password=server.root_password) as client:
            project = client.project(project.slug)
            (hook,) = project.webhooks()
            (delivery,) = project.webhook_deliveries(hook.id)
        assert delivery.id == got[0].headers["webhook-id"]
