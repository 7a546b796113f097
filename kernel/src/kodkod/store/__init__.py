"""What is kept: SQL tables and queries, the corpus, matrices."""
