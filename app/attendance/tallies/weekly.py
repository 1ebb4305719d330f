"""Half-days of single weeks, counted for many students: most weeks are like others (ATT-2)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from app.attendance.rules import HalfDays
from app.attendance.tallies.rules import Stay, joined
from app.attendance.tallying import Marked, MarkedWeek, marked, tally
from app.calendars.school_calendar import SchoolCalendar

TO_FRIDAY = timedelta(days=4)


class WeekCounter:
    """Asks each school's calendar once of each week that is told alike."""

    def __init__(self, calendars: Mapping[int, SchoolCalendar]) -> None:
        self._calendars = calendars
        self._whole: dict[tuple[int, date, str], HalfDays] = {}

    def half_days(self, school_id: int, monday: date, marks: str, stays: Iterable[Stay]) -> HalfDays:
        """Those that are marked and stand in the rate, of the days on the roll; of a school without a calendar none."""
        friday = monday + TO_FRIDAY
        some = [stay for stay in joined(stays) if stay.from_on > monday or (stay.to_on and stay.to_on < friday)]
        if some:
            return self._counted(school_id, MarkedWeek(monday, marks), some)
        key = (school_id, monday, marks)
        if key not in self._whole:
            self._whole[key] = self._counted(school_id, MarkedWeek(monday, marks), [Stay(monday, friday)])
        return self._whole[key]

    def _counted(self, school_id: int, week: MarkedWeek, stays: Iterable[Stay]) -> HalfDays:
        calendar = self._calendars.get(school_id)
        sums = tally(_marked(week, calendar, stays) if calendar else ())
        return HalfDays(sums.rated, sums.explained, sums.unexplained)


def _marked(week: MarkedWeek, calendar: SchoolCalendar, stays: Iterable[Stay]) -> Iterator[Marked]:
    friday = week.monday + TO_FRIDAY
    for stay in stays:
        yield from marked([week], calendar, max(stay.from_on, week.monday), min(stay.to_on or friday, friday))
