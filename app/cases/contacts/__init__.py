"""Whom a service talks with at the school: one primary contact, others beside them, and cover (CASE-3)."""
