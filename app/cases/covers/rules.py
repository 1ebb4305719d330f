"""What is said of cover, without asking the database."""

from datetime import date

COVERED = "manager.covered"
"""One case, for some days."""
COVERED_WITH_OTHERS = "manager.covered_with_others"
"""One of a whole caseload: what the case manager is given meanwhile is covered too."""
CARRIED_ON = "manager.covered_also"
"""What they were given meanwhile."""
STANDS_IN, STOOD_IN_FOR = "cover.taken_over", "cover.handed_over"
"""What is told once of a caseload: to who stands in, and to whom they stand in for."""
ENDED, ENDED_TOGETHER = "cover.ended", "cover.ended_together"
"""On a case; and what is told once of a caseload, to both of them."""
OF_CASELOAD = (COVERED_WITH_OTHERS, CARRIED_ON)
LISTED = "cover_started"


def in_words(name: str, covered: str, first: date, last: date) -> str:
    """As the timeline says it."""
    return f"{name} stands in for {covered}, {first:%-d %B} to {last:%-d %B}"
