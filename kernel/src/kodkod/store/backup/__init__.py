"""Back an installation up into one file while it runs, and bring it back."""
