import pytest

from kodkod.testing import LABELS, contract_for
from kodkod.testing.checks.strategy import CHECKS
from kodkod.testing.subject import Subject
from kodkod_selection.plugin import register_components

OF_ONE_LABEL = (
    "label-entropy",
    "least-probable-predicted",
    "max-probability",
    "min-probability",
)

test_contract = contract_for(
    "kodkod_selection.plugin", params={name: {"label": LABELS[1]} for name in OF_ONE_LABEL}
)

SUBPOOLED = {
    spec.name: spec for spec in register_components() if "neighbours" in getattr(spec, "uses", ())
}
# So small that it must be taken from the pool, and by neighbourhood.
BY_NEIGHBOURHOOD = {"among": "neighbours", "subpool": 40, "batch": 8}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", SUBPOOLED)
def test_contract_with_a_sub_pool_by_neighbourhood(name, check, tmp_path):
    check(Subject("kodkod_selection.plugin", SUBPOOLED[name], BY_NEIGHBOURHOOD, tmp_path))
