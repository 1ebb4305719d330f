"""Support requests: a draft, then submitted to the service (REQ-1 to REQ-10)."""
