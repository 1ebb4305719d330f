"""A school's list of its cases: by status, filtered and sorted as somebody asks (S1, S5, S6)."""
