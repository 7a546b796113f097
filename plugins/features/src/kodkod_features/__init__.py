"""Features without a model."""
