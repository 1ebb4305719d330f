"""Two records that may be one student: found, put side by side, merged by two people, and parted again (CASE-18, P18)."""
