import pytest

from kodkod.api import ImportProblemError

FRENCH = "id,text\n1,Élève à l’école cœur léger\n" * 3  # noqa: RUF001


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id,text\n1,é😀\n", "utf-8"),
        ("id,text\n1,é😀\n", "utf-8-sig"),
        ("id,text\n1,é😀\n", "utf-16"),
        ("id,text\n1,é😀\n", "utf-32"),
        ("id,text\n1,café\n", "latin-1"),
        ("id,text\n1,été\n", "cp1252"),
        (FRENCH, "cp1252"),
        (FRENCH * 5, "mac-roman"),
        ("id,text\n1,Привет как дела сегодня в городе\n" * 4, "cp1251"),
        ("id,text\n1,Привет как дела сегодня в городе\n" * 4, "koi8-r"),
        ("id,text\n1,今日は天気がいいですね、散歩しましょう\n" * 4, "shift_jis"),
        ("id,text\n1,今天天气很好我们去散步吧\n" * 5, "gb18030"),
    ],
)
def test_the_encoding_is_found_out(read, text, encoding):
    frame = read("csv", text.encode(encoding))
    assert frame.columns == ["id", "text"]
    assert frame["text"][0] == text.splitlines()[1].partition(",")[2]


def test_the_encoding_can_be_set(read):
    data = "id,text\n1,żółw\n".encode("cp1250")
    assert read("csv", data, encoding="cp1250")["text"][0] == "żółw"
    assert read("csv", "a\né\n".encode("utf-16-le"), encoding="utf-16-le")["a"][0] == "é"


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"id,text\n1,ok\n2,\xff\xfe bad\n", 3, "0xff is not valid UTF-8"),
        ("id,text\n1,é à ü\n".encode() + b"2,\xff\n", 3, "0xff is not valid UTF-8"),
        (b"id,text\r1,\x81\x8d\r", 2, "0x81 is not valid UTF-8"),
        ("id,text\n1,naïve\n2,".encode() + b"\xc3\n", 3, "0xc3 is not valid UTF-8"),
        (b"id,text\n1,ok\n2,\x00\n", 3, "NUL"),
        ("id,text\n1,é\n".encode("utf-16-le"), 1, "UTF-16"),
        (b"\xff\xfea\x00,", 1, "UTF-16"),
        ("id,text\n1,Привет как дела\n".encode("koi8-r"), 2, "set its encoding"),
    ],
)
def test_bytes_that_are_no_text_are_named_by_line_with_a_remedy(read, data, line, message):
    with pytest.raises(ImportProblemError, match=message) as caught:
        read("csv", data)
    assert caught.value.line == line
    assert "Save" in str(caught.value)


def test_a_set_encoding_that_does_not_fit_is_a_problem(read):
    with pytest.raises(ImportProblemError, match="Line 2") as caught:
        read("csv", b"a,b\n1,caf\xe9\n", encoding="utf-8")
    assert caught.value.line == 2
