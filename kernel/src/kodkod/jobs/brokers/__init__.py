"""What carries a job's id from the server to a worker."""
