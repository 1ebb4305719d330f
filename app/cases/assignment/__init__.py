"""Giving a case to a case manager (P1, CASE-9)."""
