"""Events: what happens, told as it happens."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import HeaderParameter, QueryParameter
from litestar.types import ControllerRouterHandler

from kodkod.web.access import Requires
from kodkod.web.event_stream import MEDIA_TYPE, EventStream
from kodkod.web.given import Identity, Services
from kodkod.web.job_routes import job_for
from kodkod.web.listening import Listener, Resync, Wants

__all__ = ["routes"]


@get(
    "/events",
    operation_id="listen",
    tags=["events"],
    requires=Requires.SIGNED_IN,
    media_type=MEDIA_TYPE,
)
async def events(
    services: Services,
    identity: Identity,
    in_project: Annotated[str | None, QueryParameter(name="project")] = None,
    of_job: Annotated[str | None, QueryParameter(name="job")] = None,
    last_id: Annotated[str | None, HeaderParameter(name="Last-Event-ID")] = None,
) -> EventStream:
    """Stream what happens in the user's projects, in one `project`, or to one `job`.

    Server-sent events, for as long as the client listens: `id` is a number, `event` a type
    (`job.queued`, `job.running`, `job.progress`, `job.done`, `job.failed`, `job.cancelled`,
    `scheme.created`, `scheme.changed`, ...), `data` JSON. A block without data, which comes at
    the beginning and every 15 seconds of silence, only moves the position.

    Send the last id as the header `Last-Event-ID` to hear first, in order and each once, what
    was missed. Events are kept for seven days. Where what was missed is not known (any more),
    the event `resync` says so: load anew what you show; its id is where the stream goes on.

    Of a job's progress, a client that reads too slowly gets the newest only; if that is not
    enough, the stream ends. It ends too when the token does, and when its project was left or
    deleted. Come back with the last id.
    """
    project_id = None
    if in_project is not None:
        project_id = (await services.access.enter(identity, in_project)).project.id
    if of_job is not None:
        job, _ = await job_for(services, identity, of_job)
        project_id = job.project_id
    wants = Wants(identity=identity, project_id=project_id, job_id=of_job)
    hub = services.events
    if last_id is None:
        return EventStream(hub, Listener(wants, hub.last))
    if last_id.isascii() and last_id.isdigit() and len(last_id) < 19:
        return EventStream(hub, Listener(wants, int(last_id)))
    first = Resync(reason="unreadable", after=last_id)
    return EventStream(hub, Listener(wants, hub.last), first)


routes: list[ControllerRouterHandler] = [events]
