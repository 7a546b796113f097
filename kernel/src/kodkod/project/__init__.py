"""The live project: synchronous code over arrays. Knows the store, nothing of HTTP or jobs."""
