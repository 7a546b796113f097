"""The labeller at an endpoint that holds a random model to any schema."""

import pytest

from kodkod.testing import contract_for
from llm.schema_peer import SchemaModel
from llm.scripted import ScriptedEndpoint

test_contract = contract_for("kodkod_genai.plugin")


@pytest.fixture(scope="session")
def contract_params():
    with ScriptedEndpoint(SchemaModel()) as server:
        yield {"openai-compatible": {"base_url": server.url, "model": "random"}}
