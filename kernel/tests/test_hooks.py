"""Every hook is documented as it is, and has a plugin of ours that uses it."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from kodkod.api import hooks
from kodkod.plugins import PluginRegistry

DOCS = Path(__file__).parents[2] / "docs" / "hooks.md"


def signatures() -> dict[str, str]:
    """Return each hook's `def` line as it stands in the source, by name."""
    found = {}
    for node in ast.parse(inspect.getsource(hooks)).body:
        if isinstance(node, ast.FunctionDef) and hasattr(
            getattr(hooks, node.name), f"{hooks.PROJECT_NAME}_spec"
        ):
            returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            found[node.name] = f"def {node.name}({ast.unparse(node.args)}){returns}"
    return found


def code_blocks() -> Iterator[str]:
    return (block[1] for block in re.finditer(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL))


def test_there_are_hooks():
    assert {"register_components", "job_admit"} <= set(signatures())
    assert set(signatures()) <= set(hooks.__all__)


@pytest.mark.parametrize("name", signatures())
def test_a_hook_is_documented_with_its_exact_signature(name):
    section = re.search(
        rf"### `{name}`\n\n```python\n(.*?)\n```\n\n(\S.*?)(?=\n#|\Z)", DOCS.read_text(), re.DOTALL
    )

    assert section, f"docs/hooks.md has no section ### `{name}` with signature and text"
    assert section[1] == signatures()[name]


def test_nothing_is_documented_that_is_no_hook():
    assert re.findall(r"^### `(\w+)`", DOCS.read_text(), re.MULTILINE) == list(signatures())


@pytest.mark.parametrize("name", signatures())
def test_a_hook_is_used_by_a_plugin_of_ours(name):
    registry = PluginRegistry.load()
    ours = {p.name for p in registry.plugins if p.distribution.startswith("kodkod-")}

    users = {each.plugin_name for each in getattr(registry.hook, name).get_hookimpls()}

    assert users & ours, f"{name} ships without a plugin that uses it"


def test_the_example_in_the_docs_is_a_plugin_that_loads():
    (example,) = [block for block in code_blocks() if "API =" in block]
    module = ModuleType("example")
    exec(compile(example, str(DOCS), "exec"), vars(module))

    registry = PluginRegistry.load(extra=[module])

    (status,) = [each for each in registry.plugins if each.name == "example"]
    assert (status.state, status.reasons) == ("loaded", [])
