import pytest

from kodkod.testing import contract_for
from kodkod.testing.checks.feature import CHECKS
from kodkod.testing.subject import Subject
from kodkod_features.plugin import register_components

SPECS = {spec.name: spec for spec in register_components()}
PATTERNS = {"patterns": [r"\bthe\b", "a|e", "[0-9]+"]}
RULES = {
    "rules": [
        {"label": label, "find": find, "weight": weight}
        for label, find, weight in (
            ("economy", "tax*", 1.0),
            ("economy", "market", 2.0),
            ("sport", "team", 1.0),
            ("weather", "rain", 1.0),
            ("weather", "team", -1.0),
        )
    ],
    "default_label": "sport",
}

test_contract = contract_for(
    "kodkod_features.plugin",
    params={
        "regex": PATTERNS,
        "dataset-column": {"column": "number"},
        "imported-matrix": {"file": "vectors.npy"},
        "model-predictions": {"model": "first"},
        "rules": RULES,
    },
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("regex", PATTERNS | {"value": "rate", "ignore_case": False}),
        ("dataset-column", {"column": "category"}),
        ("dataset-column", {"column": "missing"}),
        ("imported-matrix", {"file": "vectors.npy", "missing": "mean"}),
    ],
    ids=["rate", "category", "missing", "imported"],
)
def test_contract_with_other_params(name, params, check, tmp_path, contract_artefacts):
    check(Subject("kodkod_features.plugin", SPECS[name], params, tmp_path, contract_artefacts))
