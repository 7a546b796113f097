"""Topics of a corpus."""
