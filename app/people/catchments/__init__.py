"""Which schools a service serves (REQ-6)."""
