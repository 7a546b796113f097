import subprocess
import sys

import pytest

from kodkod.api import params_schema
from kodkod_sklearn.plugin import register_components

HEAVY = ("sklearn", "scipy", "skops", "torch")


def test_declaring_the_components_imports_nothing_heavy():
    code = (
        "import sys, kodkod_sklearn.plugin as p; list(p.register_components()); "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_names_are_unique_within_their_kind():
    names = [(spec.kind, spec.name) for spec in register_components()]
    assert len(names) == len(set(names)) == 10


def test_only_the_fast_model_offers_itself_as_guide():
    assert [s.name for s in register_components() if getattr(s, "guide", False)] == ["logistic"]


@pytest.mark.parametrize("spec", register_components(), ids=lambda spec: spec.name)
def test_every_param_has_a_default_a_description_and_a_mode(spec):
    spec.params()
    for name, field in params_schema(spec.params)["properties"].items():
        assert field["description"], name
        assert field["x-mode"] in {"easy", "medium", "pro"}, name
