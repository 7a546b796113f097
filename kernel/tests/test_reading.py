"""How much of a text is read, as components tell."""

from kodkod.api import ReadingWindow, reading_window


def test_a_window_is_where_the_longer_texts_are_cut():
    texts = ["a" * 100, "b" * 400, "c" * 800, "d" * 3_000]
    window = reading_window(texts, [25, 100, 200, 1_000], 50)
    # 400 * 50 / 100, 800 * 50 / 200, 3,000 * 50 / 1,000
    assert window == ReadingWindow(tokens=50, characters=200)


def test_there_is_none_where_all_is_read():
    assert reading_window(["short"], [2], 256) is None
    assert reading_window([], [], 256) is None
    assert reading_window(["any"], [1_000], None) is None
