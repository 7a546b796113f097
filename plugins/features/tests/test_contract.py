import pytest

from kodkod.testing import contract_for
from kodkod.testing.checks.feature import CHECKS
from kodkod.testing.subject import Subject
from kodkod_features.plugin import register_components

SPECS = {spec.name: spec for spec in register_components()}
PATTERNS = {"patterns": [r"\bthe\b", "a|e", "[0-9]+"]}

test_contract = contract_for(
    "kodkod_features.plugin",
    params={"regex": PATTERNS, "dataset-column": {"column": "number"}},
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("regex", PATTERNS | {"value": "rate", "ignore_case": False}),
        ("dataset-column", {"column": "category"}),
        ("dataset-column", {"column": "missing"}),
    ],
    ids=["rate", "category", "missing"],
)
def test_contract_with_other_params(name, params, check, tmp_path):
    check(Subject("kodkod_features.plugin", SPECS[name], params, tmp_path))
