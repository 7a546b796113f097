"""Maps of a corpus in two dimensions."""
