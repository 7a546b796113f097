"""The kernel's own plugins: they use `kodkod.api` and nothing else of it."""
