"""Python client of Kodkod."""
