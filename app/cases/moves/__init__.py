"""A case goes to another service (REQ-7)."""
