"""Endpoints of language models, for tests: real servers on the loopback interface.

- `scripted`: answers as a test tells it, faults included.
- `schema_peer`: a script for it, of a model that knows nothing and keeps to any JSON Schema.
- `transformers_peer`: `transformers serve` with a tiny checkpoint.
"""
