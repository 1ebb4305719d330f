"""A school's letters about a student: which is due, one letter from its preview on, what holds letters back, and what they rest
on (L10)."""

from app.portal.letters import (  # noqa: F401  (the imports add their pages)
    attendance,
    batches,
    caregivers,
    changed,
    due,
    email,
    evidence,
    exceptions,
    holds,
    holidays,
    letter,
    sending,
    student,
)
