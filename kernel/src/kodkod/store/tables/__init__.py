"""The tables, by what they are about; `metadata` knows all of them."""

from __future__ import annotations

from kodkod.store.tables.artefacts import feature, model, projection, topics
from kodkod.store.tables.audit import audit
from kodkod.store.tables.columns import metadata
from kodkod.store.tables.corpora import (
    annotation,
    drawn_sample,
    label,
    project,
    project_file,
    scheme,
)
from kodkod.store.tables.discussion import (
    adjudicator,
    assignment,
    mention,
    notice,
    notice_read,
    post,
    thread,
    thread_read,
)
from kodkod.store.tables.jobs import energy, event, job, job_point, worker
from kodkod.store.tables.labelling import labelled, prompt, prompt_version, reply, secret
from kodkod.store.tables.people import member, token, user
from kodkod.store.tables.quality import codebook_version, gold
from kodkod.store.tables.rights import (
    group_member,
    invitation,
    invitation_use,
    project_group,
    restriction,
    scheme_group,
    scheme_user,
    user_group,
)
from kodkod.store.tables.signing_in import attempts, external_account, known_place, redirected
from kodkod.store.tables.tasks import task, task_share
from kodkod.store.tables.webhooks import stopping_told, webhook, webhook_delivery

__all__ = [
    "adjudicator",
    "annotation",
    "assignment",
    "attempts",
    "audit",
    "codebook_version",
    "drawn_sample",
    "energy",
    "event",
    "external_account",
    "feature",
    "gold",
    "group_member",
    "invitation",
    "invitation_use",
    "job",
    "job_point",
    "known_place",
    "label",
    "labelled",
    "member",
    "mention",
    "metadata",
    "model",
    "notice",
    "notice_read",
    "post",
    "project",
    "project_file",
    "project_group",
    "projection",
    "prompt",
    "prompt_version",
    "redirected",
    "reply",
    "restriction",
    "scheme",
    "scheme_group",
    "scheme_user",
    "secret",
    "stopping_told",
    "task",
    "task_share",
    "thread",
    "thread_read",
    "token",
    "topics",
    "user",
    "user_group",
    "webhook",
    "webhook_delivery",
    "worker",
]
