"""Tests of the live project: fold, selection, corpus, guide."""
