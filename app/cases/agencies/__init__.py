"""Other agencies that know a student (CASE-17)."""
