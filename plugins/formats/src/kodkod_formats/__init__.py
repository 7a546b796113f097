"""File formats: csv, tsv, xlsx, parquet, jsonl."""
