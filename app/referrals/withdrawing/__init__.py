"""A request is taken back by the school that sent it (REQ-1)."""
