"""Before and after what happened, by marks: as a second implementation has it, half-day by half-day (S7, M4)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.attendance.codes import codes_on
from app.attendance.tallies.comparing import around
from app.attendance.tallying import HALVES, Marked

FIRST = date(2026, 2, 2)
LETTERS = "PPPTMX."


def half_days(said: str, skipped: set[int]) -> list[Marked]:
    """Two a day from Monday to Friday, but for weeks in which the school was closed."""
    found = []
    for place, letter in enumerate(said):
        week, of_week = divmod(place, 10)
        if week not in skipped:
            day = FIRST + timedelta(weeks=week, days=of_week // 2)
            found.append(Marked(day, HALVES[of_week % 2], codes_on(day).get(letter)))
    return found


@given(st.text(LETTERS, min_size=10, max_size=160), st.sets(st.integers(0, 15), max_size=5), st.integers(-3, 110))
def test_around_a_day_it_is_as_counted_by_hand(said: str, skipped: set[int], offset: int) -> None:
    on, every = FIRST + timedelta(days=offset), half_days(said, skipped)
    found = around(every, on)
    for side, is_there, is_newest_first in (
        (found.before, lambda day: day < on, True),
        (found.after, lambda day: day > on, False),
    ):
        weeks: list[tuple[int, int]] = []
        for each in reversed(every) if is_newest_first else every:
            week = each.day.isocalendar()[:2]
            if is_there(each.day) and week not in weeks:
                weeks.append(week)
        theirs = [each for each in every if is_there(each.day) and each.day.isocalendar()[:2] in weeks[:5]]
        letters = [each.code.letter for each in theirs if each.code]
        absent, rated = sum(map(letters.count, "TM")), sum(map(letters.count, "PTM"))
        assert (side.sums.absent, side.sums.rated, side.sums.unmarked) == (absent, rated, len(theirs) - len(letters))
        assert side.days_a_week == (f"{int(absent / rated * 50 + 1e-9) / 10:.1f}" if rated else "")


def test_the_day_itself_is_in_neither_and_without_a_number_all_weeks_count() -> None:
    every = half_days("T" * 10 * 8, set())
    on = FIRST + timedelta(weeks=6, days=1)
    found = around(every, on)
    assert (found.before.sums.absent, found.after.sums.absent) == (2 + 40, 6 + 10)
    whole = around(every, on, weeks=None)
    assert (whole.before.sums.absent, whole.after.sums.absent) == (62, 16)
    assert found.before.days_a_week == "5.0"


def test_of_less_than_a_school_week_no_rate_is_said() -> None:
    """Two bad days after a plan are two bad days."""
    every = half_days("P" * 10 + "TPPP" + "TT" * 2, set())
    found = around(every, FIRST + timedelta(weeks=1, days=1))
    assert found.before.in_words == "0.4 days a week, 91.6 % present"
    assert found.after.in_words == "absent 2 of 2 days"
