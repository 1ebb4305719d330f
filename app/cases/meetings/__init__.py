"""What happened on a case: meetings, calls, visits, messages (CASE-12, CASE-13)."""
