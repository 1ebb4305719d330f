"""Letterheads: how a service's letters begin (LET-9)."""
