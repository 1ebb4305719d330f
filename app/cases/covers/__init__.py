"""Somebody stands in for a case manager for some days (P12, CASE-9)."""
