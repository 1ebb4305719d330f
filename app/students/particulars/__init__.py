"""What is recorded of a student, and what was recorded before (CASE-17)."""
