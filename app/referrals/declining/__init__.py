"""A request is declined by the service that it came to (CASE-6, REQ-1)."""
