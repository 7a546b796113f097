"""The strategies, declared."""
