import importlib
import subprocess
import sys

import pytest

from kodkod.api import ComponentSpec, Exporter, Importer, params_schema
from kodkod_formats.plugin import register_components

SPECS = list(register_components())


def test_the_formats_of_the_architecture_are_declared():
    declared = {(spec.kind, spec.name) for spec in SPECS}
    read = {("importer", name) for name in ("csv", "tsv", "xlsx", "parquet", "jsonl")}
    written = {("exporter", name) for name in ("csv", "xlsx", "parquet", "jsonl")}
    assert declared == read | written


def test_no_extension_is_claimed_twice():
    claimed = [e for spec in SPECS for e in getattr(spec, "extensions", ())]
    assert len(claimed) == len(set(claimed))


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"{s.kind}-{s.name}")
def test_every_factory_is_there_and_every_param_has_a_mode(spec: ComponentSpec):
    module, _, attribute = spec.factory.partition(":")
    factory = getattr(importlib.import_module(module), attribute)
    assert issubclass(factory, Importer if spec.kind == "importer" else Exporter)
    for field in params_schema(spec.params).get("properties", {}).values():
        assert field["x-mode"] in {"easy", "medium", "pro"}
        assert field["description"]


def test_declaring_them_imports_no_format_library():
    code = (
        "import sys, kodkod_formats.plugin as p; list(p.register_components());"
        "print([m for m in ('fastexcel', 'xlsxwriter', 'charset_normalizer', 'pyarrow')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
