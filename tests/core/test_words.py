"""Dates as people say them."""

from datetime import date

import pytest

from app.core.web.words import birthdate


@pytest.mark.parametrize(("day", "said"), [(date(2012, 1, 4), "4 January 2012"), (date(2026, 3, 31), "31 March 2026")])
def test_a_date_of_birth_has_its_year_and_no_weekday(day: date, said: str) -> None:
    assert birthdate(day) == said
