"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, FeatureSpec, Resources, TopicModelSpec, hookimpl
from kodkod_topics.params import BertopicParams, MembershipParams

API = "2.0"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the topic model, and the feature made of what it finds."""
    yield TopicModelSpec(
        name="bertopic",
        title="BERTopic",
        summary="Groups texts by their embeddings and describes each group by its words",
        factory="kodkod_topics.model:Bertopic",
        params=BertopicParams,
        # The libraries cannot be interrupted: a process of its own is ended.
        resources=Resources(heavy=True, grace_seconds=0.5),
    )
    yield FeatureSpec(
        name="topic-membership",
        title="Topics",
        summary="How much each text belongs to each topic that was found",
        factory="kodkod_topics.membership:Membership",
        params=MembershipParams,
        resources=Resources(grace_seconds=0.5),
    )
