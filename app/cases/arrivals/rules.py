"""What is told of a student who came with a case (CASE-10)."""

ARRIVED, SHOWN = "student.arrived", "case.shown_to_new_school"
REVIEW = "former_school_case_review"
"""How `notifications.csv` calls it."""
