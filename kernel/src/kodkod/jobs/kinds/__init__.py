"""The kernel's own kinds of job."""
