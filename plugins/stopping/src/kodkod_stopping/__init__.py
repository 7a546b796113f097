"""Rules that say when more labels no longer help, each with its evidence."""
