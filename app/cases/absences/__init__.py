"""Who reads and tells the days absent of a case's student."""
