"""The case, its people, its timeline, and what hangs on it."""
