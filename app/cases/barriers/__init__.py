"""What stands between a student and school (CASE-15)."""
