"""Meetings in one's own calendar (P17)."""
