"""BERTopic's own answers, its params honoured, and what becomes of topics afterwards."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from msgspec.structs import replace
from scipy.sparse import csr_matrix

from kodkod.api import InvalidInputError
from kodkod.testing.material import make_batch, make_features, make_texts
from kodkod_topics.membership import Membership
from kodkod_topics.model import Bertopic
from kodkod_topics.params import BertopicParams, MembershipParams

N = 120
PLAIN = BertopicParams(reducer="pca", min_size=8)
TOPICS = np.arange(N) % 3


@pytest.fixture(scope="module")
def texts():
    return make_batch(make_texts(N))


def fitted(params, batch, matrix, ctx):
    model = Bertopic(params)
    return model, model.fit(batch, matrix, ctx)


def counted(model):
    """How often each term is there, in all texts."""
    return np.asarray(model._groups.counts.sum(axis=0)).ravel()


def purity(assigned) -> float:
    """The share of texts that are in a topic and of the kind that is the most frequent in it."""
    most = [np.bincount(TOPICS[assigned == id_]).max() for id_ in set(assigned.tolist()) - {-1}]
    return sum(most) / len(assigned)


@pytest.mark.parametrize(("bm25", "reduce_frequent"), [(False, False), (True, True)])
def test_words_are_those_that_bertopic_itself_gives(texts, job_context, bm25, reduce_frequent):
    params = replace(PLAIN, language="", bm25=bm25, reduce_frequent=reduce_frequent)
    _, found = fitted(params, texts, make_features(N), job_context)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)
        from bertopic import BERTopic
        from bertopic.vectorizers import ClassTfidfTransformer
    from hdbscan import HDBSCAN
    from sklearn.decomposition import PCA

    vectors = make_features(N)
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    theirs = BERTopic(
        language="multilingual",
        embedding_model=None,
        umap_model=PCA(5, random_state=job_context.seed),
        hdbscan_model=HDBSCAN(min_cluster_size=8, core_dist_n_jobs=1),
        ctfidf_model=ClassTfidfTransformer(
            bm25_weighting=bm25, reduce_frequent_words=reduce_frequent
        ),
    )
    expected, _ = theirs.fit_transform(list(texts.texts), embeddings=vectors)

    assert found.assigned.tolist() == expected
    assert len(found.topics) == 3
    for topic in found.topics:
        known = dict(theirs.get_topic(topic.id))
        weights = [each.weight for each in topic.words]
        assert weights == pytest.approx(sorted(known.values(), reverse=True), rel=1e-6)
        # Of terms that weigh the same, another one may be the last.
        heavier = {each.word for each in topic.words if each.weight > weights[-1] * 1.001}
        assert heavier <= set(known)


def test_the_texts_kinds_are_found_whatever_reduces_and_groups(texts, job_context):
    for params in (
        PLAIN,
        replace(PLAIN, reducer="none"),
        replace(PLAIN, clusterer="kmeans", topics=3),
        replace(PLAIN, outliers="c-tf-idf"),
    ):
        _, found = fitted(params, texts, make_features(N), job_context)
        assert purity(found.assigned) > 0.9, params
    assert (found.assigned >= 0).all()


def test_umap_finds_them_too_and_the_same_again(texts, job_context):
    one, two = (
        fitted(BertopicParams(min_size=8), texts, make_features(N), job_context)[1]
        for _ in range(2)
    )
    assert purity(one.assigned) > 0.9
    np.testing.assert_array_equal(one.assigned, two.assigned)


def test_as_many_topics_as_are_asked_for(texts, job_context):
    for n in (2, 5):
        params = replace(PLAIN, clusterer="kmeans", topics=n)
        assert len(fitted(params, texts, make_features(N), job_context)[1].topics) == n
    _, found = fitted(replace(PLAIN, topics=2), texts, make_features(N), job_context)
    assert len(found.topics) == 2


def test_terms_follow_the_language_and_the_params(texts, job_context):
    french = [text.replace("the", "être").replace("said", "élève d'forêt") for text in texts.texts]
    batch = replace(texts, texts=french)
    params = replace(PLAIN, language="fr", ngrams=2, stop_words=("Élève",), words=40)
    _, found = fitted(params, batch, make_features(N), job_context)
    words = {each.word for topic in found.topics for each in topic.words}
    # Letters with accents are letters, stop words are none of the words, others are
    assert any("forêt" in word.split() for word in words)
    assert not any(set(word.split()) & {"être", "élève"} for word in words)
    assert any(" " in word for word in words)
    with pytest.raises(InvalidInputError, match="no stop words for the language 'xx'"):
        fitted(replace(PLAIN, language="xx"), texts, make_features(N), job_context)


def test_texts_without_words_and_topics_without_texts_are_refused(texts, job_context):
    blank = replace(texts, texts=["the of and"] * N)
    with pytest.raises(InvalidInputError, match="no words but stop words"):
        fitted(PLAIN, blank, make_features(N), job_context)
    noise = np.random.default_rng(0).standard_normal((N, 12)).astype(np.float32)
    with pytest.raises(InvalidInputError, match="No topic was found"):
        fitted(replace(PLAIN, min_size=40), texts, noise, job_context)


def test_texts_outside_the_sample_are_assigned_and_counted(texts, job_context):
    model, found = fitted(replace(PLAIN, sample=100), texts, make_features(N), job_context)
    assert purity(found.assigned) > 0.85
    assert sum(topic.size for topic in found.topics) == np.count_nonzero(found.assigned >= 0)
    # Every word of every text is counted, once
    terms = set(model._groups.terms)
    assert counted(model).sum() == sum(
        word in terms for text in texts.texts for word in text.split()
    )


def test_a_sparse_feature_is_reduced_first(texts, job_context):
    wide = np.zeros((N, 400), dtype=np.float32)
    rng = np.random.default_rng(0)
    for i in range(N):
        wide[i, TOPICS[i] * 100 + rng.integers(100, size=30)] = 1
    model, found = fitted(PLAIN, texts, csr_matrix(wide), job_context)
    assert purity(found.assigned) > 0.9
    again = model.assign(csr_matrix(wide[:9]), job_context, outliers=False)
    np.testing.assert_array_equal(again, found.assigned[:9])
    with pytest.raises(InvalidInputError, match="400 columns"):
        model.assign(csr_matrix(wide[:, :300]), job_context)


def test_what_is_like_no_topic_is_in_none(texts, job_context):
    model, found = fitted(PLAIN, texts, make_features(N), job_context)
    known = {topic.id for topic in found.topics}
    strange = np.vstack([-make_features(3), np.zeros((1, 12)), np.full((1, 12), np.nan)])
    assert model.assign(strange.astype(np.float32), job_context).tolist() == [-1] * 5
    new = model.assign(make_features(60, seed=9), job_context)
    assert np.count_nonzero(new >= 0) > 40
    assert set(new.tolist()) <= known | {-1}


def test_words_follow_what_is_merged_and_split(texts, job_context):
    # Given three topics, whose words are those of three kinds of text
    model, found = fitted(PLAIN, texts, make_features(N), job_context)
    total = counted(model)
    first, second = found.topics[0].id, found.topics[1].id

    # When two are merged, the words are those of both, and none was lost
    kept = model.merge([first, second])
    merged = next(topic for topic in model.topics() if topic.id == kept)
    assert {each.word for each in merged.words} & {each.word for each in found.topics[0].words}
    assert {each.word for each in merged.words} & {each.word for each in found.topics[1].words}
    np.testing.assert_array_equal(counted(model), total)

    # And split again, the parts are the kinds of text that there were
    inside = np.flatnonzero(np.isin(found.assigned, [first, second]))
    batch = replace(
        texts,
        rows=texts.rows[inside],
        texts=[texts.texts[i] for i in inside],
        context=texts.context[inside],
    )
    parts = model.split(kept, 2, batch, make_features(N)[inside], job_context)
    same = (parts == parts[0]) == (TOPICS[inside] == TOPICS[inside][0])
    assert same.mean() > 0.95
    np.testing.assert_array_equal(counted(model), total)
    one = replace(batch, rows=batch.rows[:1], texts=batch.texts[:1], context=batch.context[:1])
    with pytest.raises(InvalidInputError, match="choose fewer"):
        model.split(kept, 2, one, make_features(N)[inside[:1]], job_context)


def test_membership_is_a_feature_that_later_changes_do_not_touch(contract_artefacts, job_context):
    job_context._project = contract_artefacts
    feature = Membership(MembershipParams(topics="found"))
    batch = make_batch(make_texts(N))
    feature.fit(batch, job_context)
    made = feature.transform(batch, job_context)
    found = contract_artefacts.found
    inside = found.assigned >= 0
    ids = np.array(sorted(set(found.assigned[inside].tolist())))
    agree = ids[made[inside].argmax(axis=1)] == found.assigned[inside]
    assert agree.mean() > 0.95
    later = replace(batch, rows=np.arange(N, 2 * N))
    with pytest.raises(InvalidInputError, match="compute this one again"):
        feature.transform(later, job_context)
