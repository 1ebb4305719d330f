"""A school's own calendar: its terms, and the days on which it is closed (T6)."""
