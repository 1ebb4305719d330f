"""What somebody still owned when a role of theirs ends, and to whom it goes (CASE-3, CASE-9)."""
