"""The labeller keeps the contract of its kind."""

from __future__ import annotations

import pytest

from kodkod.testing import contract_for

pytestmark = pytest.mark.usefixtures("local_models")

test_contract = contract_for(
    "kodkod_local_llm.plugin",
    params={"local-llm": {"model": "tiny-qwen3", "max_tokens": 128}},
)
