"""Energy and carbon of every job, and a budget for each project."""
