import os

import pytest

from kodkod.api import InvalidInputError, allowed_roots, locate_model


@pytest.fixture
def root(tmp_path):
    """An allowed folder with a model in it, and one outside of it."""
    for folder in ("allowed/small", "allowed/org/name", "allowed-not/secret", "allowed/empty"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("allowed/small", "allowed-not/secret"):
        (tmp_path / folder / "config.json").write_text("{}")
    (tmp_path / "allowed/org/name/modules.json").write_text("[]")
    return tmp_path / "allowed"


def test_a_folder_by_name_or_path(root):
    assert locate_model("small", [root]) == root / "small"
    assert locate_model(str(root / "small"), [root]) == root / "small"
    assert locate_model("org/../small", [root]) == root / "small"


def test_a_local_model_goes_before_the_hub(root):
    assert locate_model("org/name", [root]) == root / "org/name"
    assert locate_model("org/name", []) == "org/name"
    assert (
        locate_model("intfloat/multilingual-e5-small", [root]) == "intfloat/multilingual-e5-small"
    )


def test_a_link_that_the_administrator_made_is_followed(root):
    (root / "linked").symlink_to(root.parent / "allowed-not/secret")
    assert locate_model("linked", [root]) == root / "linked"


@pytest.mark.parametrize(
    "model",
    [
        "../allowed-not/secret",
        "{root}/../allowed-not/secret",
        "{root}-not/secret",
        "small/../../allowed-not/secret",
        "empty",
        "nowhere",
        "/etc",
        "a/b/c",
        "org/na me",
        "org/..",
        "https://evil.example/model",
        "org/name\n",
        "small\0",
        "~/models",
        " ",
        "x" * 500,
    ],
)
def test_anything_else_is_refused_with_the_remedy(root, model):
    with pytest.raises(InvalidInputError, match="ask the administrator") as caught:
        locate_model(model.format(root=root), [root])
    assert caught.value.field == "model"


def test_without_allowed_folders_nothing_local_is_read(root):
    with pytest.raises(InvalidInputError, match="local models are off"):
        locate_model(str(root / "small"), [])


def test_allowed_folders_come_from_the_environment(tmp_path):
    named = os.pathsep.join([str(tmp_path), "", "relative", f"{tmp_path}/a/../b"])
    assert allowed_roots({"KODKOD_LOCAL_MODELS": named}) == [tmp_path, tmp_path / "b"]
    assert allowed_roots({}) == []
