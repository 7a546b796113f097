"""Corpora whose truth is known, for tests and benchmarks of estimators."""
