"""What the routes of topics share: look up, show."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kodkod.jobs.places import ProjectPlaces
from kodkod.project.corpus import LiveCorpus
from kodkod.store.artefacts import FeatureRow
from kodkod.store.topic_versions import current_state, read_assigned, read_version
from kodkod.store.topics import TopicList, TopicsRow
from kodkod.web.artefacts import named
from kodkod.web.given import Project, Services
from kodkod.web.reach import features_of, topics_of
from kodkod.web.topic_contract import TopicInfo, TopicsInfo, TopicWordInfo

__all__ = ["assigned_of", "find_topics", "folder_of", "known_features", "topics_info"]


async def known_features(services: Services, project: Project) -> list[FeatureRow]:
    """Return the project's features."""
    async with services.database.read() as connection:
        return await features_of(connection, project)


async def find_topics(services: Services, project: Project, key: str) -> TopicsRow:
    """Return topics by id or name.

    Raises:
        NotFoundError: there are none.
    """
    async with services.database.read() as connection:
        return named(project, await topics_of(connection, project), key, "topics")


def folder_of(services: Services, project: Project, topics_id: str) -> Path:
    """Return the folder of topics."""
    return ProjectPlaces.of(services.settings, project.slug).topics(topics_id)


async def assigned_of(services: Services, project: Project, row: TopicsRow) -> NDArray[np.int32]:
    """Map each row's topic.

    Raises:
        UnavailableError: the files are missing or damaged.
    """
    folder = folder_of(services, project, row.id)
    return await asyncio.to_thread(lambda: read_assigned(current_state(folder, row.version)))


async def topics_info(services: Services, project: Project, row: TopicsRow) -> TopicsInfo:
    """Show topics.

    Raises:
        UnavailableError: the files are missing or damaged.
    """
    live = await services.residency.get(project)
    features = {each.id: each.name for each in await known_features(services, project)}
    folder = folder_of(services, project, row.id)
    version = await asyncio.to_thread(read_version, folder, row.version)
    return TopicsInfo(
        id=row.id,
        name=row.name,
        component=row.component,
        params=row.params,
        feature=features.get(row.feature_id),
        rows=row.rows,
        version=row.version,
        operation=version.operation,
        outliers=row.found.outliers,
        topics=_shown(row.found, live.corpus),
        seed=row.seed,
        created_at=row.created_at,
    )


def _shown(found: TopicList, corpus: LiveCorpus) -> list[TopicInfo]:
    given = set(found.named)
    return [
        TopicInfo(
            id=topic.id,
            name=topic.name,
            named=topic.id in given,
            size=topic.size,
            words=[TopicWordInfo(each.word, each.weight) for each in topic.words],
            representative=[corpus.id_of(r) for r in topic.representative if r < len(corpus)],
        )
        for topic in found.topics
    ]
