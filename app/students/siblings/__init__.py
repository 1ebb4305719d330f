"""Students of one whānau (CASE-17)."""
