"""Language models that label texts on the project's own machines."""
