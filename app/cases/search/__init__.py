"""Finding a case by a student's name or by its number (P14)."""
