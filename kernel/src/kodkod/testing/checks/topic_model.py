"""Promises of topic models."""

from __future__ import annotations

from typing import cast

import numpy as np
from msgspec.structs import replace

from kodkod.api import NO_TOPIC, FoundTopics, InvalidInputError, TextBatch, TopicModel
from kodkod.testing.checks.learning import require_cancellable, require_progress
from kodkod.testing.material import HOSTILE_TEXTS, make_batch, make_features, make_texts
from kodkod.testing.recording import RecordingContext
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_N = 90
_BATCH = replace(make_batch(make_texts(_N)), rows=np.arange(100, 100 + _N))
_MATRIX = make_features(_N)
_OTHERS = make_features(9, seed=1)


def finds_topics(subject: Subject) -> None:
    """Ids, sizes, words and representative texts fit what was assigned."""
    _, found = _fitted(subject)
    require(bool(found.topics), "there are topics in texts that are plainly about three things")
    _require_found(found, _BATCH)
    for topic in found.topics:
        require(bool(topic.words and topic.name), f"topic {topic.id} has words and a name")
        weights = [word.weight for word in topic.words]
        require(weights == sorted(weights, reverse=True), "weights descend")
        places = np.array(topic.representative) - 100
        of = set(found.assigned[places].tolist())
        require(of == {topic.id}, "representative rows are of the corpus, and in their topic")


def same_seed_same_topics(subject: Subject) -> None:
    """Two runs with one seed agree."""
    (_, one), (_, two) = _fitted(subject), _fitted(subject)
    require(np.array_equal(one.assigned, two.assigned), "two runs with one seed assign the same")
    require(one.topics == two.topics, "two runs with one seed find the same topics")


def assigns_new_texts(subject: Subject) -> None:
    """Int32 ids of topics or -1, each text by itself; without outliers none is left over."""
    model, found = _fitted(subject)
    given = model.assign(_OTHERS, subject.context())
    require(given.shape == (len(_OTHERS),) and given.dtype == np.int32, "one int32 a text")
    known = {topic.id for topic in found.topics}
    require(set(given.tolist()) <= {*known, NO_TOPIC}, "texts are given topics that there are")
    alone = model.assign(_OTHERS[:1], subject.context())
    require(int(alone[0]) == int(given[0]), "a text is given the same alone as with others")
    every = model.assign(_OTHERS, subject.context(), outliers=False)
    require(set(every.tolist()) <= known, "without outliers every text has a topic")
    nothing = model.assign(_OTHERS[:0], subject.context())
    require(nothing.shape == (0,), f"no texts give (0,), not {nothing.shape}")


def tells_membership(subject: Subject) -> None:
    """Float32 `[n, n_topics]`; rows sum to 1, or to 0 where a vector says nothing."""
    model, found = _fitted(subject)
    rows = np.vstack([_OTHERS, np.zeros_like(_OTHERS[:1])])
    made = model.membership(rows, subject.context())
    require(made.dtype == np.float32, f"membership is float32, not {made.dtype}")
    shape = (len(rows), len(found.topics))
    require(made.shape == shape, f"a column for each topic, {shape}, not {made.shape}")
    require(bool(np.isfinite(made).all() and (made >= 0).all()), "membership is not negative")
    total = made.sum(axis=1)
    require(bool(np.allclose(total[:-1], 1, atol=1e-5)), "membership sums to 1")
    require(float(total[-1]) == 0, "a vector of zeros belongs to no topic")


def merges_topics(subject: Subject) -> None:
    """Merged, there is one topic with the texts of both; one alone is not merged."""
    model, found = _fitted(subject)
    if len(found.topics) < 2:
        return
    one, two = found.topics[0], found.topics[1]
    kept = model.merge([one.id, two.id])
    require(kept in {one.id, two.id}, "the merged topic has the id of one of them")
    there = {topic.id: topic for topic in model.topics()}
    require(len(there) == len(found.topics) - 1, "one topic fewer is left")
    require(there[kept].size == one.size + two.size, "it has the texts of both")
    for wrong in ([kept], [kept, 10_000]):
        try:
            model.merge(wrong)
        except InvalidInputError:
            continue
        require(False, f"merging {wrong} is refused with InvalidInputError")


def splits_topics(subject: Subject) -> None:
    """Split, a topic keeps its id for the greatest part, and other parts get new ids."""
    model, found = _fitted(subject)
    topic = found.topics[0]
    inside = found.assigned == topic.id
    given = model.split(topic.id, 2, _part(inside), _MATRIX[inside], subject.context())
    sizes = {int(id_): int(n) for id_, n in zip(*np.unique(given, return_counts=True), strict=True)}
    require(len(sizes) == 2 and topic.id in sizes, "there are two topics, one of the old id")
    require(sizes[topic.id] == max(sizes.values()), "the greatest part keeps the id")
    there = {each.id: each.size for each in model.topics()}
    new = next(id_ for id_ in sizes if id_ != topic.id)
    require(new not in {each.id for each in found.topics}, "a part gets an id that none had")
    require({id_: there[id_] for id_ in sizes} == sizes, "sizes are those of the parts")
    # An id is given once: also after the topic that had it is no more.
    kept = model.merge([topic.id, new])
    again = model.split(kept, 2, _part(inside), _MATRIX[inside], subject.context())
    newest = set(again.tolist()) - {kept}
    require(not newest & {topic.id, new}, "an id is never given again")


def absorbs_texts(subject: Subject) -> None:
    """Texts that come are counted to the topics that they are given."""
    model, found = _fitted(subject)
    batch = replace(make_batch(make_texts(9, seed=1)), rows=np.arange(500, 509))
    given = model.assign(_OTHERS, subject.context(), outliers=False)
    model.absorb(given, batch, new=True)
    before = {topic.id: topic.size for topic in found.topics}
    after = {topic.id: topic.size for topic in model.topics()}
    expected = {id_: n + int(np.count_nonzero(given == id_)) for id_, n in before.items()}
    require(after == expected, f"sizes grow by what was given: {expected}, not {after}")


def few_and_hostile_texts(subject: Subject) -> None:
    """Too few texts are refused with what to do; odd texts harm nothing."""
    for n in (0, 1, 3):
        try:
            cast("TopicModel", subject.build()).fit(
                make_batch(make_texts(n)), _MATRIX[:n], subject.context()
            )
        except InvalidInputError as error:
            require(";" in error.message, "a refusal says what to do, after a semicolon")
        else:
            require(False, f"{n} texts are too few: raise InvalidInputError")
    texts = [*HOSTILE_TEXTS, *make_texts(_N)][:_N]
    batch = make_batch(texts)
    found = cast("TopicModel", subject.build()).fit(batch, _MATRIX, subject.context())
    _require_found(found, batch)


def save_and_load(subject: Subject) -> None:
    """Loaded from another folder, it describes, assigns and splits as before."""
    model, found = _fitted(subject)
    again = cast("TopicModel", subject.reloaded(model))
    require(again.topics() == model.topics(), "the topics are those that were saved")
    one, two = (each.assign(_OTHERS, subject.context()) for each in (model, again))
    require(np.array_equal(one, two), "loaded, it assigns as before")
    inside = found.assigned == found.topics[0].id
    one, two = (
        each.split(found.topics[0].id, 2, _part(inside), _MATRIX[inside], subject.context())
        for each in (model, again)
    )
    require(np.array_equal(one, two), "loaded, it splits as before")


def tells_progress(subject: Subject) -> None:
    """Heavy work tells how far it is."""
    require_progress(subject, lambda ctx: _work(subject, ctx), "fit or assign")


def can_be_cancelled(subject: Subject) -> None:
    """`Cancelled` comes through."""
    require_cancellable(subject, lambda ctx: _work(subject, ctx), "fit and assign")


def _work(subject: Subject, ctx: RecordingContext) -> None:
    model: TopicModel = subject.build()
    model.fit(_BATCH, _MATRIX, ctx)
    model.assign(_OTHERS, ctx)


def _fitted(subject: Subject) -> tuple[TopicModel, FoundTopics]:
    model: TopicModel = subject.build()
    return model, model.fit(_BATCH, _MATRIX, subject.context())


def _part(inside: np.ndarray) -> TextBatch:
    places = np.flatnonzero(inside)
    return TextBatch(
        _BATCH.rows[places], [_BATCH.texts[i] for i in places.tolist()], _BATCH.context[places]
    )


def _require_found(found: FoundTopics, batch: TextBatch) -> None:
    require(found.assigned.dtype == np.int32, f"topics of texts are int32: {found.assigned.dtype}")
    require(found.assigned.shape == (len(batch),), "every text is given a topic or -1")
    sizes = [topic.size for topic in found.topics]
    require(sizes == sorted(sizes, reverse=True), "the greatest topic comes first")
    for topic in found.topics:
        counted = int(np.count_nonzero(found.assigned == topic.id))
        require(topic.id >= 0 and topic.size == counted, f"topic {topic.id} has {counted} texts")
    others = set(found.assigned.tolist()) - {topic.id for topic in found.topics}
    require(others <= {NO_TOPIC}, f"texts are given topics that are listed: {others}")


CHECKS = (
    finds_topics,
    same_seed_same_topics,
    assigns_new_texts,
    tells_membership,
    merges_topics,
    splits_topics,
    absorbs_texts,
    few_and_hostile_texts,
    save_and_load,
    tells_progress,
    can_be_cancelled,
)
