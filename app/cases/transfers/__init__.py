"""A case is asked for, offered, accepted or refused by another service (CASE-18)."""
