from kodkod.testing import LABELS, contract_for

test_contract = contract_for(
    "kodkod_selection.plugin", params={"max-probability": {"label": LABELS[1]}}
)
