"""A school's own letters, which have no case: on days absent in a term, and on holidays in term time (L10, LET-1, LET-2)."""
