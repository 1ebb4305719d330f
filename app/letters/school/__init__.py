"""A school’s own letters, of 5, 10 and 15 days in a term and of holidays in term time (L10, LET-2)."""
