"""Two records that are one student (REQ-10, CASE-18)."""
