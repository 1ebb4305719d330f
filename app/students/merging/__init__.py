"""Two records that are one student (CASE-18)."""
