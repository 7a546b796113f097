"""The catalogue names what the installed transformers can train, and the form offers it."""

from __future__ import annotations

import pytest

from kodkod.api import params_schema
from kodkod_transformers.catalogue import DEFAULT_ENCODER, ENCODERS, names
from kodkod_transformers.encoder_params import EncoderParams


@pytest.mark.parametrize("entry", ENCODERS, ids=lambda entry: entry.name)
def test_its_architecture_classifies_in_the_installed_transformers(entry):
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES,
    )

    assert entry.architecture in MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES
    assert entry.languages
    assert 10 <= entry.parameters <= 3_000
    assert entry.context >= 512


def test_the_form_offers_the_catalogue_and_takes_any_name():
    field = params_schema(EncoderParams)["properties"]["model"]

    assert field["examples"] == names()
    assert field["default"] == DEFAULT_ENCODER
    assert "enum" not in field
    assert len(set(names())) == len(ENCODERS)
