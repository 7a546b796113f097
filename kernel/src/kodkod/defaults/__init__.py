"""The kernel's own plugins. They use `kodkod.api` only, as anybody's do."""
