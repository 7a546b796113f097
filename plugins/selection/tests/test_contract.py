from kodkod.testing import LABELS, contract_for

OF_ONE_LABEL = (
    "label-entropy",
    "least-probable-predicted",
    "max-probability",
    "min-probability",
)

test_contract = contract_for(
    "kodkod_selection.plugin", params={name: {"label": LABELS[1]} for name in OF_ONE_LABEL}
)
