"""Sentence embeddings by any model name or folder."""
