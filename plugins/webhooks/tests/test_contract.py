from kodkod.testing import contract_for

test_contract = contract_for("kodkod_webhooks.plugin")
