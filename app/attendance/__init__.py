"""Attendance: what was told of a student's absences, by whom and as of when."""
