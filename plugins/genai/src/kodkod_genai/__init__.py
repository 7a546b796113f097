"""LLMs at OpenAI-compatible endpoints as labellers."""
