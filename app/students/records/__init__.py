"""What a student’s record said before, by what it is found, and which other record went into it (CASE-17, CASE-18, P14)."""
