"""The school-meeting clock in words, before and after each of its limits (CASE-8)."""

from datetime import date

import pytest

from app.cases.models import Status
from app.cases.rules import clock_line, contract_clock, first_due, status_words

STARTED = date(2026, 10, 5)
FIVE = "The 5 working days to meet the school ended Mon 12 October"


@pytest.mark.parametrize(
    ("today", "line"),
    [
        (date(2026, 10, 8), "Day 3 of 5, due Mon 12 October"),
        (date(2026, 10, 12), "Day 5 of 5, due today, Mon 12 October"),
        (date(2026, 10, 14), f"{FIVE}. Now day 7 of 10, due Mon 19 October"),
        (date(2026, 10, 19), f"{FIVE}. Now day 10 of 10, due today, Mon 19 October"),
        (date(2026, 10, 21), f"{FIVE}; the 10 days ended Mon 19 October"),
    ],
)
def test_the_clock_says_which_limit_has_passed(today: date, line: str) -> None:
    clock = contract_clock(STARTED, "WGN", today)
    assert clock_line(clock, first_due(STARTED, "WGN")) == line


def test_what_a_school_does_in_each_status_is_a_whole_sentence() -> None:
    said = {status: status_words(status).school_action for status in Status}
    assert not any("{" in words for words in said.values())
    assert said[Status.PAUSED] == "On hold. Tell the service if anything changes."
