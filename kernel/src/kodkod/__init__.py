"""Kodkod's kernel: project, scheme, sign-in and jobs; plugins supply what varies."""

__version__ = "0.1.0"
