"""The plan of a student: goals, actions, reviews (CASE-16)."""
