"""Webhooks of a project: made, changed and tried by its managers."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from msgspec import UNSET
from msgspec.structs import replace

from kodkod.api import ConflictError, InvalidInputError, Notifier, NotifierSpec
from kodkod.store import webhooks
from kodkod.store.database import now
from kodkod.store.deliveries import (
    Delivery,
    NewDelivery,
    add_delivery,
    find_delivery,
    list_deliveries,
    send_again,
)
from kodkod.store.sealing import Sealer
from kodkod.store.webhooks import Webhook
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.outbox import delivery_id
from kodkod.web.paging import Cursor, Limit, next_cursor, numbered, parse_cursor
from kodkod.web.telling import TEST, check_patterns
from kodkod.web.webhook_contract import (
    DeliveryInfo,
    MadeWebhook,
    NewWebhook,
    WebhookInfo,
    WebhookPatch,
)
from kodkod.web.webhook_keys import Keys, new_key, opened, sealed

__all__ = ["routes"]

_TAG = ["webhooks"]
_MANAGER = Requires.PROJECT_MANAGER


@get("/projects/{slug:str}/webhooks", operation_id="list_webhooks", tags=_TAG, requires=_MANAGER)
async def list_all(project: Project, services: Services) -> Page[WebhookInfo]:
    """List the webhooks, without their addresses."""
    async with services.database.read() as connection:
        hooks = await webhooks.list_webhooks(connection, project.id)
    await services.names.know([hook.created_by for hook in hooks])
    return Page(items=[_info(services, hook) for hook in hooks])


@post("/projects/{slug:str}/webhooks", operation_id="create_webhook", tags=_TAG, requires=_MANAGER)
async def create(
    project: Project, data: JSONBody[NewWebhook], services: Services, identity: Identity
) -> MadeWebhook:
    """Make a webhook, and return its secret, which nobody can read again."""
    spec = cast("NotifierSpec", services.registry.spec("notifier", data.format))
    shown = _shown(services, data.format, data.url)
    events = check_patterns(data.events)
    keys = Keys(address=data.url.strip(), keys=(new_key(),) if spec.signed else ())
    stored = await asyncio.to_thread(sealed, Sealer(services.settings.data_dir), keys)
    async with services.database.write() as connection:
        hook = await webhooks.add_webhook(
            connection,
            project_id=project.id,
            name=data.name,
            format_=data.format,
            shown=shown,
            sealed=stored,
            events=events,
            created_by=identity.user_id,
        )
    await services.names.know([hook.created_by])
    return MadeWebhook(webhook=_info(services, hook), secret=next(iter(keys.keys), None))


@patch(
    "/projects/{slug:str}/webhooks/{webhook:str}",
    operation_id="change_webhook",
    tags=_TAG,
    requires=_MANAGER,
)
async def change(
    project: Project, webhook: FromPath[str], data: JSONBody[WebhookPatch], services: Services
) -> WebhookInfo:
    """Rename a webhook, move it, let it be told of something else, or turn it off or on."""
    hook = await _find(services, project, webhook)
    values: dict[str, Any] = {}
    if data.name is not UNSET:
        values["name"] = data.name
    if data.events is not UNSET:
        values["events"] = check_patterns(data.events)
    if data.active is not UNSET:
        values["active"] = data.active
    if data.url is not UNSET:
        values["shown"] = _shown(services, hook.format, data.url)
        keys = await _moved(services, hook, data.url.strip())
        values["sealed"] = await asyncio.to_thread(sealed, Sealer(services.settings.data_dir), keys)
    async with services.database.write() as connection:
        await webhooks.change_webhook(connection, hook, **values)
    services.postman.nudge()
    return _info(services, await _find(services, project, webhook))


@delete(
    "/projects/{slug:str}/webhooks/{webhook:str}",
    operation_id="delete_webhook",
    tags=_TAG,
    requires=_MANAGER,
)
async def remove(project: Project, webhook: FromPath[str], services: Services) -> None:
    """Forget a webhook, and all that it was told or is still to be told."""
    hook = await _find(services, project, webhook)
    async with services.database.write() as connection:
        await webhooks.delete_webhook(connection, hook)


@post(
    "/projects/{slug:str}/webhooks/{webhook:str}/secret",
    operation_id="renew_webhook_secret",
    tags=_TAG,
    requires=_MANAGER,
)
async def renew(project: Project, webhook: FromPath[str], services: Services) -> MadeWebhook:
    """Give a webhook a new secret. For a day what is sent is signed with the old one too."""
    hook = await _find(services, project, webhook)
    sealer = Sealer(services.settings.data_dir)
    keys = await asyncio.to_thread(opened, sealer, hook.sealed)
    if not keys.keys:
        raise ConflictError(f"What is sent in the format {hook.format!r} is not signed.")
    renewed = keys.renewed(now())
    stored = await asyncio.to_thread(sealed, sealer, renewed)
    async with services.database.write() as connection:
        await webhooks.change_webhook(connection, hook, sealed=stored)
    return MadeWebhook(webhook=_info(services, hook), secret=renewed.keys[0])


@post(
    "/projects/{slug:str}/webhooks/{webhook:str}/test",
    operation_id="test_webhook",
    tags=_TAG,
    requires=_MANAGER,
    status_code=202,
)
async def test(
    project: Project, webhook: FromPath[str], services: Services, identity: Identity
) -> DeliveryInfo:
    """Tell a webhook that this is a test; the list of deliveries has what becomes of it."""
    hook = await _find(services, project, webhook)
    if not hook.active:
        raise ConflictError("The webhook is off; turn it on, then try it.")
    new = NewDelivery(
        id=delivery_id(),
        webhook_id=hook.id,
        type=TEST,
        user_id=identity.user_id,
        data={},
        happened_at=now(),
    )
    async with services.database.write() as connection:
        made = await add_delivery(connection, new)
    services.postman.nudge()
    return _delivery(made)


@get(
    "/projects/{slug:str}/webhooks/{webhook:str}/deliveries",
    operation_id="list_webhook_deliveries",
    tags=_TAG,
    requires=_MANAGER,
)
async def deliveries(
    project: Project,
    webhook: FromPath[str],
    services: Services,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[DeliveryInfo]:
    """List what a webhook was told and is to be told, newest first; it is kept for 30 days."""
    hook = await _find(services, project, webhook)
    async with services.database.read() as connection:
        found = await list_deliveries(
            connection, hook.id, before=parse_cursor(cursor) or None, limit=limit
        )
    numbers = [each.number for each in found]
    return Page(items=[_delivery(each) for each in found], cursor=next_cursor(numbers, limit))


@post(
    "/projects/{slug:str}/webhooks/{webhook:str}/deliveries/{delivery:str}/again",
    operation_id="redeliver",
    tags=_TAG,
    requires=_MANAGER,
    status_code=202,
)
async def again(
    project: Project, webhook: FromPath[str], delivery: FromPath[str], services: Services
) -> DeliveryInfo:
    """Send a delivery that has ended once more, under the same id."""
    hook = await _find(services, project, webhook)
    async with services.database.write() as connection:
        await send_again(connection, await find_delivery(connection, hook.id, delivery))
        found = await find_delivery(connection, hook.id, delivery)
    services.postman.nudge()
    return _delivery(found)


async def _find(services: Services, project: Project, number: str) -> Webhook:
    async with services.database.read() as connection:
        return await webhooks.find_webhook(connection, project.id, numbered(number, "webhook"))


async def _moved(services: Services, hook: Webhook, address: str) -> Keys:
    """Return what is secret of a webhook that is told elsewhere from now on.

    Its keys go with it: the address alone says who reads, and one that cannot be opened any more,
    as after a restore, can be entered anew.
    """
    sealer = Sealer(services.settings.data_dir)
    try:
        keys = await asyncio.to_thread(opened, sealer, hook.sealed)
    except InvalidInputError:
        spec = cast("NotifierSpec", services.registry.spec("notifier", hook.format))
        keys = Keys(address=address, keys=(new_key(),) if spec.signed else ())
    return replace(keys, address=address)


def _shown(services: Services, format_: str, address: str) -> str:
    notifier = cast("Notifier[Any]", services.registry.build("notifier", format_, {}))
    return notifier.check(address.strip())


def _info(services: Services, hook: Webhook) -> WebhookInfo:
    return WebhookInfo(
        id=hook.id,
        name=hook.name,
        url=hook.shown,
        format=hook.format,
        signed=_is_signed(services, hook.format),
        events=hook.events,
        active=hook.active,
        off_because=hook.off_because,
        failing_since=hook.failing_since,
        created_by=services.names[hook.created_by],
        created_at=hook.created_at,
    )


def _is_signed(services: Services, format_: str) -> bool:
    """Tell whether a format is signed; one whose plugin is not installed any more is not."""
    return any(
        isinstance(each.spec, NotifierSpec) and each.spec.name == format_ and each.spec.signed
        for each in services.registry.components("notifier")
    )


def _delivery(each: Delivery) -> DeliveryInfo:
    return DeliveryInfo(
        id=each.id,
        type=each.type,
        data=each.data,
        happened_at=each.happened_at,
        state=each.state,
        attempts=each.attempts,
        status=each.status,
        problem=each.problem,
        tried_at=each.tried_at,
        next_at=each.due_at if each.state == "waiting" else None,
    )


routes: list[ControllerRouterHandler] = [
    list_all,
    create,
    change,
    remove,
    renew,
    test,
    deliveries,
    again,
]
