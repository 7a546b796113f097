"""Plugins that are really installed, most of them broken: each is listed, none does harm."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec
import pytest

from kodkod.plugins import PluginRegistry, PluginStatus

HEAD = """
from kodkod.api import *
API = "2.0"

def lucky(name="lucky", **more):
    given = dict(title="Lucky", summary="The last text first", factory="good_plugin:Lucky")
    return StrategySpec(name=name, **{**given, **more})
"""

GOOD = """
class Lucky(Strategy[NoParams]):
    def order(self, pool):
        import numpy as np
        return np.arange(pool.n)[::-1].copy()

@hookimpl
def register_components():
    yield lucky()
    yield lucky("no-class", factory="good_plugin:absent")
    yield lucky("no-module", factory="absent_module:Lucky")
    yield lucky("no-strategy", factory="kodkod_schemes.multiclass:Multiclass")
"""


def declares(*specs: str) -> str:
    lines = "".join(f"    yield {spec}\n" for spec in specs)
    return f"\n@hookimpl\ndef register_components():\n{lines}"


BROKEN = {
    "import-error": ("import no_such_library", "No module named 'no_such_library'"),
    "syntax-error": ("def broken(:", "SyntaxError"),
    "calls-exit": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "newer-api": ('API = "2.999"', "install a newer Kodkod"),
    "older-api": ('API = "0.9"', "the plugin must be ported"),
    "odd-api": ("API = 1.0", "write it as a string"),
    "no-api": ("del API", "says no API version"),
    "params-no-struct": (
        declares("lucky('l1', params=dict)"),
        "must be a subclass of kodkod.api.P",
    ),
    "params-instance": (declares("lucky('l2', params=NoParams())"), "must be a subclass"),
    "spec-no-spec": (declares("{'name': 'lucky'}"), "register_components gave a dict"),
    "spec-no-kind": (
        declares("ComponentSpec(name='x', title='X', summary='X', factory='x:X')"),
        "gave a ComponentSpec",
    ),
    "spec-wrong-type": (declares("lucky('l3', needs='probabilities')"), "needs: Expected `array`"),
    "no-slug": (declares("lucky('../Lucky')"), "is no slug"),
    "name-no-string": (declares("lucky(7)"), "is no slug"),
    "no-factory": (declares("lucky('l4', factory='good_plugin')"), "'package.module:Class'"),
    "misspelt-hook": (
        "@hookimpl\ndef job_admitt(job):\n    return 'no job for anybody'\n",
        "unknown hook 'job_admitt'",
    ),
    "unknown-argument": ("@hookimpl\ndef job_admit(work):\n    return 'no'\n", "'work'"),
    "hook-wrapper": (
        "@hookimpl(wrapper=True)\ndef job_admit(job):\n    yield\n    return 'no'\n",
        "job_admit cannot be a hook wrapper",
    ),
    "register-fails": (
        declares("lucky('l5')") + "    raise RuntimeError('half way')\n",
        "RuntimeError: half way",
    ),
    "register-gives-none": ("@hookimpl\ndef register_components(): pass\n", "TypeError"),
    "zz-clash": (declares("lucky()", "lucky('random')"), "the plugin good has this name already"),
}

SCRIPT = """
import sys, msgspec, pathlib
from kodkod.api import JobInfo
from kodkod.plugins import PluginRegistry
registry = PluginRegistry.load()
job = JobInfo(id="1", kind="train", queue="cpu", user="ada", project=None, params={})
errors = {}
for name in ("no-class", "no-module", "no-strategy"):
    try:
        registry.build("strategy", name)
    except Exception as error:
        errors[name] = f"{type(error).__name__}: {error}"
answer = dict(
    plugins=registry.plugins,
    components={f"{c.spec.kind}/{c.spec.name}": c.plugin for c in registry.components()},
    admitted=registry.admit(job),
    built=type(registry.build("strategy", "lucky")).__name__,
    errors=errors,
)
pathlib.Path(sys.argv[1]).write_bytes(msgspec.json.encode(answer))
"""


class Answer(msgspec.Struct):
    plugins: list[PluginStatus]
    components: dict[str, str]
    admitted: str | None
    built: str
    errors: dict[str, str]

    def plugin(self, name: str) -> PluginStatus:
        (found,) = [plugin for plugin in self.plugins if plugin.name == name]
        return found


def install(site: Path, name: str, code: str, entry: str | None = None) -> None:
    module = name.replace("-", "_") + "_plugin"
    (site / f"{module}.py").write_text(textwrap.dedent(HEAD) + code, encoding="utf-8")
    info = site / f"{module}-2.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: kodkod-{name}\nVersion: 2.5\n")
    (info / "entry_points.txt").write_text(f"[kodkod]\n{name} = {entry or module}\n")


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """What a process says in whose environment all of these plugins are installed."""
    site = tmp_path_factory.mktemp("site")
    install(site, "good", GOOD)
    thief = "SignInSpec(name='password', title='P', summary='P', factory='x:X')"
    install(site, "aa-thief", declares(thief, "lucky('thief')"))
    install(site, "no-module", GOOD, entry="no_module_plugin:lucky")
    bare = site / "bare-1.dist-info"
    bare.mkdir()
    (bare / "entry_points.txt").write_text("[kodkod]\nbare = bare_module_that_is_absent\n")
    for name, (code, _) in BROKEN.items():
        install(site, name, code)
    said = site / "answer.json"
    env = {**os.environ, "PYTHONPATH": str(site), "KODKOD_DATA_DIR": str(site)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(said)], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return msgspec.json.decode(said.read_bytes(), type=Answer)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_is_listed_with_its_reason(answer: Answer, name: str) -> None:
    plugin = answer.plugin(name)

    assert plugin.state == "failed"
    assert BROKEN[name][1] in plugin.reasons[0]
    assert plugin.components == []
    assert (plugin.distribution, plugin.version) == (f"kodkod-{name}", "2.5")


def test_an_entry_point_that_is_no_module_is_listed(answer: Answer) -> None:
    assert "names a function; name a module" in answer.plugin("no-module").reasons[0]


def test_a_distribution_without_metadata_is_listed(answer: Answer) -> None:
    plugin = answer.plugin("bare")

    assert (plugin.state, plugin.distribution, plugin.version) == ("failed", "", "")


def test_the_rest_of_a_plugin_with_one_bad_component_is_used(answer: Answer) -> None:
    plugin = answer.plugin("aa-thief")

    assert plugin.state == "partial"
    assert plugin.reasons == [
        "sign-in/password: the plugin kodkod.defaults.password has this name already."
    ]
    assert plugin.components == ["strategy/thief"]


def test_broken_plugins_harm_nothing(answer: Answer) -> None:
    alone = PluginRegistry.load()

    for plugin in alone.plugins:
        assert answer.plugin(plugin.name) == plugin
    expected = {f"{each.spec.kind}/{each.spec.name}": each.plugin for each in alone.components()}
    mine = {"strategy/thief": "aa-thief"} | dict.fromkeys(
        ["strategy/lucky", "strategy/no-class", "strategy/no-module", "strategy/no-strategy"],
        "good",
    )
    assert answer.components == expected | mine
    assert answer.admitted is None
    assert answer.built == "Lucky"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no-class", "has no attribute 'absent'"),
        ("no-module", "No module named 'absent_module'"),
        ("no-strategy", "is no subclass of kodkod.api.Strategy"),
    ],
)
def test_a_factory_that_cannot_be_used_names_its_plugin(
    answer: Answer, name: str, reason: str
) -> None:
    said = answer.errors[name]

    assert said.startswith(f"PluginError: strategy/{name} of plugin good 2.5: ")
    assert reason in said


def test_plugins_are_in_the_order_of_their_names(answer: Answer) -> None:
    installed = [p.name for p in answer.plugins if not p.name.startswith("kodkod.")]

    assert installed == sorted(installed)
    assert answer.plugins[0].distribution == "kodkod-kernel"
