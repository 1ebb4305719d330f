"""Half-days before and after a day, by marks, without asking the database (S7, M4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.attendance.rules import Compared, HalfDays, in_days
from app.attendance.tallies.rules import monday_of
from app.attendance.tallying import Marked, Tally, tally

SCHOOL_WEEKS = 5
"""On either side of what happened."""
A_WEEK = 5
LEAST = 2 * A_WEEK
"""Half-days of a school week."""


@dataclass(frozen=True)
class Side:
    """What the marks before a day, or after it, add up to."""

    sums: Tally

    @property
    def days_a_week(self) -> str:
        """Days absent of each five that are marked, cut to one decimal; nothing where nothing is."""
        if not self.sums.rated:
            return ""
        tenths = self.sums.absent * A_WEEK * 10 // self.sums.rated
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def in_words(self) -> str:
        """2.5 days a week, 50.0 % present; of less than a school week only what was: absent 1 of 3 days."""
        if self.sums.rated < LEAST:
            return f"absent {self.sums.days_absent} of {in_days(self.sums.rated)} days"
        return f"{self.days_a_week} days a week, {self.sums.rate} present"


@dataclass(frozen=True)
class Around:
    """Five school weeks before a day and after it; the day itself is in neither."""

    on: date
    before: Side
    after: Side


def around(half_days: Sequence[Marked], on: date, weeks: int | None = SCHOOL_WEEKS) -> Around:
    """Weeks count on which the school was open for the student; all there are, where no number is asked."""
    before = [each for each in half_days if each.day < on]
    after = [each for each in half_days if each.day > on]
    if weeks is not None:
        last, first = _mondays(before)[-weeks:], _mondays(after)[:weeks]
        before = [each for each in before if monday_of(each.day) in last]
        after = [each for each in after if monday_of(each.day) in first]
    return Around(on, Side(tally(before)), Side(tally(after)))


def compared_by_marks(half_days: Sequence[Marked], since: date) -> Compared | None:
    """Everything since a day, and the five school weeks before it; the day itself is in neither. None where either side has less
    than a school week that is marked and counted: one bad morning raises no alarm."""
    before, after = around(half_days, since).before.sums, around(half_days, since, weeks=None).after.sums
    if min(before.rated, after.rated) < LEAST:
        return None
    last = max(each.day for each in half_days if each.code)
    return Compared(since, _counted(before), _counted(after), last, is_marked=True)


def _counted(sums: Tally) -> HalfDays:
    return HalfDays(sums.rated, sums.explained, sums.unexplained)


def _mondays(half_days: Sequence[Marked]) -> list[date]:
    return sorted({monday_of(each.day) for each in half_days})
