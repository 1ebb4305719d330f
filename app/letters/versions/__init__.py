"""Ladders as an organisation has them, version by version, and which one a case goes by (LET-2)."""
