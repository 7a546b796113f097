from kodkod.testing import contract_for
from kodkod_sklearn.plugin import register_components

test_contract = contract_for(
    "kodkod_sklearn.plugin",
    params={"random-forest": {"trees": 30}, "gradient-boosting": {"max_iter": 20}},
)


def test_only_the_fast_model_offers_itself_as_guide():
    assert [s.name for s in register_components() if getattr(s, "guide", False)] == ["logistic"]
