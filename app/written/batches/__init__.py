"""Batches of letters, of a service's cases and of a school's students: the same pages for both (L6)."""
