"""Scheme types: multiclass, multilabel, span."""
