"""Drafts of requests: who has them, what they lack, and how they end (REQ-3)."""
