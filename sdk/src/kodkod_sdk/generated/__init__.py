"""What is generated from docs/openapi.json. Import it from `kodkod_sdk`."""
