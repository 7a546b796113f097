"""Quick models, tf-idf and metrics by scikit-learn."""
