import json
import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse import issparse
from sklearn.feature_extraction.text import TfidfVectorizer

from kodkod.api import InvalidInputError

TEXTS = [
    "the sea is warm and the wind is strong",
    "warm wind over the sea",
    "parliament votes on the budget",
    "the budget of the parliament is voted",
    "un été très chaud à la mer",
    "Ελληνικά και 日本語 and العربية 🌊",
]
HOSTILE = ["", " \n\t", "\x00\x01", "🌊" * 50, "\ud800 lone", "a" * 100_000, "<script>'\"; --"]


def array(matrix):
    return matrix.toarray() if issparse(matrix) else matrix


@pytest.fixture(params=["tfidf", "tfidf-svd"])
def name(request):
    return request.param


def test_weights_are_those_of_scikit_learn(make, batch, ctx):
    feature = make("tfidf", ngram_max=2, sublinear=False)
    feature.fit(batch(TEXTS), ctx)
    ours = feature.transform(batch(TEXTS), ctx)
    theirs = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b").fit_transform(TEXTS)
    assert issparse(ours)
    assert ours.format == "csr"
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours.toarray(), theirs.toarray(), atol=1e-6)


def test_svd_keeps_the_cosines_of_tfidf_when_no_dimension_is_lost(make, batch, ctx):
    sparse, condensed = make("tfidf"), make("tfidf-svd", dim=100)
    for feature in (sparse, condensed):
        feature.fit(batch(TEXTS), ctx)
    before = sparse.transform(batch(TEXTS), ctx).toarray()
    after = condensed.transform(batch(TEXTS), ctx)
    assert after.dtype == np.float32
    assert after.shape == (6, 6)
    np.testing.assert_allclose(after @ after.T, before @ before.T, atol=1e-4)


def test_too_many_dimensions_are_lowered_and_the_log_says_so(make, batch, ctx):
    feature = make("tfidf-svd", dim=300)
    feature.fit(batch(TEXTS), ctx)
    assert any(line.startswith("6 dimensions instead of 300") for line in ctx.lines)


def test_dimensions_are_learnt_from_a_sample_of_a_large_corpus(make, batch, ctx):
    texts = [f"{TEXTS[i % 4]} number{i}" for i in range(300)]
    feature = make("tfidf-svd", dim=5, max_texts=100)
    feature.fit(batch(texts), ctx)
    assert any("100 of 300 texts" in line for line in ctx.lines)
    assert feature.transform(batch(texts), ctx).shape == (300, 5)


def test_a_text_has_the_same_vector_in_any_batch(name, make, batch, ctx):
    feature = make(name)
    feature.fit(batch(TEXTS), ctx)
    together = array(feature.transform(batch(TEXTS), ctx))
    for i, text in enumerate(TEXTS):
        np.testing.assert_array_equal(array(feature.transform(batch([text]), ctx))[0], together[i])


def test_empty_unknown_and_hostile_texts(name, make, batch, ctx):
    feature = make(name)
    feature.fit(batch(TEXTS), ctx)
    vectors = array(feature.transform(batch([*HOSTILE, "zzz"]), ctx))
    assert np.isfinite(vectors).all()
    assert not vectors[[0, 1, -1]].any()
    feature.fit(batch([*TEXTS, *HOSTILE]), ctx)
    assert np.isfinite(array(feature.transform(batch(HOSTILE), ctx))).all()


def test_no_text_gives_no_row(name, make, batch, ctx):
    feature = make(name)
    feature.fit(batch(TEXTS), ctx)
    width = feature.transform(batch(TEXTS), ctx).shape[1]
    assert feature.transform(batch([]), ctx).shape == (0, width)


@pytest.mark.parametrize("texts", [[], [""], ["...", "!!!"]])
def test_no_term_is_an_error_that_says_what_to_do(name, make, batch, ctx, texts):
    with pytest.raises(InvalidInputError, match="lower min_df"):
        make(name).fit(batch(texts), ctx)


def test_one_text_of_one_word_is_enough(name, make, batch, ctx):
    feature = make(name)
    feature.fit(batch(["sea"]), ctx)
    assert abs(array(feature.transform(batch(["sea"]), ctx))[0, 0]) == pytest.approx(1)


def test_ngrams_the_wrong_way_round_are_refused(make, batch, ctx):
    with pytest.raises(InvalidInputError, match="ngram_min 3"):
        make("tfidf", ngram_min=3, ngram_max=2).fit(batch(TEXTS), ctx)


def test_characters_for_scripts_without_spaces(make, batch, ctx):
    feature = make("tfidf", unit="character", ngram_max=2)
    feature.fit(batch(["海は暖かい", "海は青い", "国会"]), ctx)
    sea, blue, parliament = feature.transform(batch(["海は暖かい", "海は青い", "国会"]), ctx)
    assert (sea @ blue.T).toarray()[0, 0] > (sea @ parliament.T).toarray()[0, 0]


LOAD = """
import json, sys
from pathlib import Path
import numpy as np, polars as pl
from scipy.sparse import issparse
from kodkod.api import JobContext, TextBatch
from kodkod_sklearn.{module} import {factory} as factory
from kodkod_sklearn.params import {params} as Params

class Quiet(JobContext):
    def progress(self, *args, **kwargs): pass
    def log(self, line): pass

feature = factory(Params())
feature.load(Path(sys.argv[1]))
texts = json.loads(sys.stdin.read())
matrix = feature.transform(TextBatch(np.arange(len(texts)), texts, pl.DataFrame()), Quiet())
np.save(sys.argv[2], matrix.toarray() if issparse(matrix) else matrix)
"""
NAMES = {
    "tfidf": {"module": "tfidf", "factory": "Tfidf", "params": "TfidfParams"},
    "tfidf-svd": {"module": "tfidf_svd", "factory": "TfidfSvd", "params": "TfidfSvdParams"},
}


def test_a_fresh_process_loads_it_and_gives_the_same(name, make, batch, ctx, tmp_path):
    texts = [*TEXTS, "\ud800 surrogate", ""]
    feature = make(name)
    feature.fit(batch(texts), ctx)
    folder = tmp_path / "saved"
    folder.mkdir()
    feature.save(folder)
    command = [sys.executable, "-c", LOAD.format(**NAMES[name]), folder, tmp_path / "out.npy"]
    subprocess.run(command, input=json.dumps(texts), text=True, check=True)
    expected = array(feature.transform(batch(texts), ctx))
    np.testing.assert_array_equal(np.load(tmp_path / "out.npy"), expected)
