"""Plumbing that knows nothing of schools or cases."""
