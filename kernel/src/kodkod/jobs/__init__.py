"""What computes: jobs, the workers that run them, and the server's side of both."""
