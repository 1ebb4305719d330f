"""Two records turn out to be of one student (REQ-10)."""
