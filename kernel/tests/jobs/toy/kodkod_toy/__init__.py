"""A plugin with the smallest component of each kind that jobs touch."""
