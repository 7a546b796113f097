"""What topics are for: over time, by a column, as texts, as a scheme."""

from __future__ import annotations

import asyncio

import msgspec
import polars as pl
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError, Topic
from kodkod.project.map_columns import topic_column
from kodkod.project.topic_tables import Bin, by_column, over_time
from kodkod.web.access import Requires
from kodkod.web.arrow import ARROW, arrow_stream, as_arrow
from kodkod.web.given import Identity, Project, Services
from kodkod.web.making_schemes import make_scheme
from kodkod.web.scheme_contract import NewScheme, SchemeInfo
from kodkod.web.topic_contract import TopicCount, TopicCounts, TopicScheme
from kodkod.web.topic_views import assigned_of, find_topics
from kodkod.web.views import scheme_info

__all__ = ["routes"]

_WORDS = 10


@get(
    "/projects/{slug:str}/topics/{topics:str}/over-time",
    operation_id="get_topics_over_time",
    requires=Requires.PROJECT_READER,
)
async def over(
    project: Project,
    topics: FromPath[str],
    column: FromQuery[str],
    services: Services,
    every: FromQuery[Bin] = "month",
) -> TopicCounts:
    """Count texts by topic and by bins of a date column."""
    row = await find_topics(services, project, topics)
    live = await services.residency.get(project)
    assigned = await assigned_of(services, project, row)
    counted = await asyncio.to_thread(over_time, live.corpus, assigned, column, every)
    return _counts(column, counted)


@get(
    "/projects/{slug:str}/topics/{topics:str}/by-column",
    operation_id="get_topics_by_column",
    requires=Requires.PROJECT_READER,
)
async def by(
    project: Project, topics: FromPath[str], column: FromQuery[str], services: Services
) -> TopicCounts:
    """Count texts by topic and by the values of a context column."""
    row = await find_topics(services, project, topics)
    live = await services.residency.get(project)
    assigned = await assigned_of(services, project, row)
    counted = await asyncio.to_thread(by_column, live.corpus, assigned, column)
    return _counts(column, counted)


@get(
    "/projects/{slug:str}/topics/{topics:str}/texts",
    operation_id="get_topic_texts",
    requires=Requires.PROJECT_READER,
    media_type=ARROW,
)
async def texts(project: Project, topics: FromPath[str], services: Services) -> Response[bytes]:
    """Download each text's topic as an Arrow IPC stream: `row`, `id`, `topic_id`, `topic`."""
    row = await find_topics(services, project, topics)
    live = await services.residency.get(project)
    assigned = await assigned_of(services, project, row)

    def made() -> bytes:
        n = min(len(assigned), len(live.corpus))
        frame = pl.DataFrame(
            [
                pl.int_range(n, dtype=pl.UInt32, eager=True).alias("row"),
                live.corpus.frame["id"].head(n),
                pl.Series("topic_id", assigned[:n]).replace(-1, None),
                topic_column(assigned, row.found.topics, n),
            ]
        )
        return as_arrow(frame)

    return arrow_stream(await asyncio.to_thread(made))


@post(
    "/projects/{slug:str}/topics/{topics:str}/scheme",
    operation_id="make_scheme_of_topics",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def scheme(
    project: Project,
    topics: FromPath[str],
    data: JSONBody[TopicScheme],
    services: Services,
    identity: Identity,
) -> SchemeInfo:
    """Make a scheme whose labels are the names of topics; its codebook has their words."""
    row = await find_topics(services, project, topics)
    there = {topic.id: topic for topic in row.found.topics}
    wrong = [id_ for id_ in data.topics if id_ not in there]
    if wrong:
        raise InvalidInputError(f"There is no topic {wrong[0]}; look the ids up.", field="topics")
    chosen = [there[id_] for id_ in data.topics] or list(row.found.topics)
    labels = _labels(chosen)
    new = NewScheme(
        name=data.name,
        type=data.type,
        labels=tuple(labels),
        codebook="\n".join(
            f"- **{label}**: {', '.join(each.word for each in topic.words[:_WORDS])}"
            for label, topic in zip(labels, chosen, strict=True)
        ),
    )
    made = await make_scheme(
        services, project, new, user_id=identity.user_id, username=identity.username
    )
    return scheme_info(made, services.registry)


def _labels(chosen: list[Topic]) -> list[str]:
    """Return the topics' names; two that have the same words get their ids beside them."""
    names = [topic.name for topic in chosen]
    return [
        f"{topic.name} ({topic.id})" if names.count(topic.name) > 1 else topic.name
        for topic in chosen
    ]


def _counts(column: str, counted: pl.DataFrame) -> TopicCounts:
    return TopicCounts(column=column, counts=msgspec.convert(counted.to_dicts(), list[TopicCount]))


routes: list[ControllerRouterHandler] = [over, by, texts, scheme]
