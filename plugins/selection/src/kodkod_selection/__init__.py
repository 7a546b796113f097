"""Query strategies: which text to annotate next."""
