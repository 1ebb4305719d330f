"""What a report says of a case: its limits, its waiting, its attendance, and the time that is looked at (MEAS-1, MEAS-2)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.attendance.rules import HalfDays
from app.cases.models import Status
from app.reports.periods import ALL_TIME, between, terms_until, years_without_terms
from app.reports.presence import HANDFUL, Change, Presence, change, together
from app.reports.report import NEEDS, Report
from app.reports.rules import Asked, Line, following
from app.reports.timeliness import (
    CLOSED_BEFORE,
    IN_SCHOOL,
    LEFT,
    NO_SERVICE,
    UNREACHED,
    Standing,
    engagement_limits,
    judged,
    limits,
    quarter_in_words,
)

FIVE, TEN = "school_meet_5bd", "school_meet_10bd"
A_MONDAY = date(2026, 5, 4)
FIRST, SECOND, THIRD = date(2026, 5, 11), date(2026, 5, 18), date(2026, 5, 25)
"""The ends of both limits, and of the last one of student and whānau: no holiday lies between."""


@dataclass(frozen=True)
class Told:
    """A case as far as a report asks."""

    number: str = "26-000001-5"
    status: Status = Status.OPEN
    status_at: datetime = datetime(2026, 5, 5, tzinfo=UTC)
    close_reason: str = ""
    service_id: int | None = 1
    is_provision: bool = False
    service_started_on: date = A_MONDAY
    region: str = "WGN"
    met_on: date | None = None
    engaged_on: date | None = None
    is_reached: bool = True
    year_level: int | None = 10
    contact_has_role: bool = True
    update_wanted_at: datetime | None = None
    statement_given_on: date | None = A_MONDAY

    def is_reached_on(self, day: date) -> bool:
        return self.is_reached


def closed(on: date, reason: str = "attending_regularly") -> Told:
    return Told(status=Status.CLOSED, status_at=datetime(on.year, on.month, on.day, tzinfo=UTC), close_reason=reason)


def line(today: date = FIRST, changed: Change | None = None, **told: Any) -> Line:
    return Line(Told(**told), today, changed)  # type: ignore[arg-type]


def test_the_limits_are_those_of_the_list() -> None:
    assert dict(limits()) == {FIVE: 5, TEN: 10}


@pytest.mark.parametrize(
    ("today", "met_on", "first", "second"),
    [
        (FIRST, None, Standing.NOT_YET_DUE, Standing.NOT_YET_DUE),
        (FIRST + timedelta(days=1), None, Standing.NOT_RECORDED, Standing.NOT_YET_DUE),
        (SECOND, None, Standing.NOT_RECORDED, Standing.NOT_YET_DUE),
        (SECOND + timedelta(days=1), None, Standing.NOT_RECORDED, Standing.NOT_RECORDED),
        (SECOND, FIRST, Standing.ACHIEVED, Standing.ACHIEVED),
        (SECOND, FIRST + timedelta(days=1), Standing.MISSED, Standing.ACHIEVED),
        (date(2026, 6, 8), SECOND + timedelta(days=1), Standing.MISSED, Standing.MISSED),
    ],
)
def test_a_limit_ends_with_its_last_day(today: date, met_on: date | None, first: Standing, second: Standing) -> None:
    case = Told(met_on=met_on)
    assert [judged(measure, case, today).standing for measure in (FIVE, TEN)] == [first, second]
    assert [judged(measure, case, today).due_on for measure in (FIVE, TEN)] == [FIRST, SECOND]


def test_what_is_not_counted_says_why() -> None:
    found = {
        NO_SERVICE: [Told(service_id=None), Told(status=Status.TRIAGE)],
        IN_SCHOOL: [Told(is_provision=True)],
        CLOSED_BEFORE: [closed(FIRST), closed(A_MONDAY)],
        **{why: [closed(date(2026, 5, 20), reason)] for reason, why in LEFT.items()},
        "its limit fell before the measure began, 1 April 2026": [Told(service_started_on=date(2026, 3, 24))],
    }
    for why, cases in found.items():
        assert [judged(FIVE, case, SECOND).why for case in cases] == [why] * len(cases)
        assert {judged(FIVE, case, SECOND).standing for case in cases} == {Standing.EXCLUDED}


def test_what_closed_after_its_limit_counts_and_so_does_a_limit_on_the_measures_first_day() -> None:
    assert judged(FIVE, closed(FIRST + timedelta(days=1)), SECOND).standing is Standing.NOT_RECORDED
    assert judged(TEN, closed(FIRST + timedelta(days=1)), SECOND).why == CLOSED_BEFORE
    assert judged(FIVE, replace(closed(FIRST), met_on=A_MONDAY), SECOND).standing is Standing.ACHIEVED
    first_day = judged(FIVE, Told(service_started_on=date(2026, 3, 25)), SECOND)
    assert (first_day.due_on, first_day.why) == (date(2026, 4, 1), "")


def test_a_case_counts_in_the_quarter_its_limit_falls_in() -> None:
    found = judged(FIVE, Told(service_started_on=date(2026, 6, 29)), FIRST)
    assert (found.due_on, found.quarter) == (date(2026, 7, 6), "2026-Q3")
    assert quarter_in_words("2026-Q3") == "July to September 2026"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "Up to 7 days"), (7, "Up to 7 days"), (8, "8 to 14 days"), (28, "15 to 28 days"), (57, "Over 56 days")],
)
def test_waiting_is_counted_in_calendar_days_of_new_zealand(days: int, words: str) -> None:
    came = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
    waiting = line(date(2026, 5, 5) + timedelta(days=days), status_at=came)
    assert (waiting.days_waiting, waiting.band.words) == (days, words)


def presence(attended: int, weeks: int = 2) -> Presence:
    return Presence(weeks, HalfDays(10 * weeks, 10 * weeks - attended, 0))


def test_a_rate_is_half_days_attended_of_those_the_school_was_open() -> None:
    assert [presence(attended).percent for attended in (0, 13, 20)] == [0, 65, 100]
    assert Presence(1, HalfDays(8, 1, 2)).percent == 63, "62½ rounds up"
    assert Change(presence(10), presence(15)).points == 25


def test_both_sides_have_to_be_known() -> None:
    nothing = Presence(0, HalfDays(0, 0, 0))
    assert change(presence(10), nothing) is change(nothing, presence(10)) is None
    assert change(presence(10), presence(0)) == Change(presence(10), presence(0))


def test_of_fewer_than_a_handful_nothing_is_summed_up() -> None:
    each = Change(presence(10), presence(15))
    assert together([each] * (HANDFUL - 1)) is None
    every = together([each] * HANDFUL)
    assert every is not None
    assert (every.before.percent, every.after.percent, every.before.weeks) == (50, 75, 2 * HANDFUL)


def test_a_term_holds_its_first_and_last_day_and_days_are_open_at_either_end() -> None:
    term = terms_until(date(2026, 11, 22))["2026-2"]
    assert [term.holds(day) for day in (date(2026, 4, 19), date(2026, 4, 20), date(2026, 7, 3), date(2026, 7, 4))] == [
        False,
        True,
        True,
        False,
    ]
    assert between(None, None) == ALL_TIME
    assert between(FIRST, None).holds(SECOND)
    assert not between(FIRST, None).holds(A_MONDAY)
    assert between(A_MONDAY, FIRST).words == "from 4 May 2026 until 11 May 2026"


def test_terms_that_have_begun_can_be_chosen_and_missing_ones_are_said_to_be_missing() -> None:
    assert list(terms_until(date(2026, 4, 20)))[:2] == ["2026-2", "2026-1"]
    assert years_without_terms(date(2026, 4, 20)) == []
    assert years_without_terms(date(2027, 2, 4)) == [2027]
    assert "2026-4" in terms_until(date(2027, 2, 4))


def test_a_report_is_of_what_was_asked_for() -> None:
    here = line(status=Status.QUEUE, year_level=9)
    for asked, is_taken in (
        (Asked(), True),
        (Asked((Status.QUEUE, Status.OPEN)), True),
        (Asked((Status.OPEN,)), False),
        (Asked(year_level=9), True),
        (Asked(year_level=10), False),
        (Asked(period=between(A_MONDAY, A_MONDAY)), True),
        (Asked(period=between(FIRST, None)), False),
    ):
        assert asked.takes(here) is is_taken, asked
    assert Asked((Status.QUEUE,), 9).words == "In the queue; year 9; whenever they started"
    assert Asked((Status.QUEUE,), 0).words == "In the queue; year 0; whenever they started"


def test_each_case_is_counted_once_in_its_status_and_once_for_each_limit() -> None:
    told: list[dict[str, Any]] = [{"status": status, "number": f"{status}{day}"} for status in Status for day in (1, 2)]
    lines = [line(SECOND, status_at=datetime(2026, 5, 1 + n, tzinfo=UTC), **each) for n, each in enumerate(told)]
    report = Report(lines)
    assert sum(each.every.count for each in report.statuses) == len(lines)
    for each in report.statuses:
        is_closed = each.status is Status.CLOSED
        assert sum(figure.count for figure in each.bands) == (0 if is_closed else each.every.count)
        assert [line.days_waiting for line in each.longest] == sorted(
            (line.days_waiting for line in ([] if is_closed else each.every.lines)), reverse=True
        )
    for limit in report.meetings:
        counted = sum(figure.count for _, figures in limit.quarters for figure in figures)
        assert counted + limit.excluded.count == len(lines)
        assert sum(count for _, count in limit.reasons) == limit.excluded.count


NEEDED: dict[str, Callable[[], Line]] = {
    "update-asked": lambda: line(update_wanted_at=datetime(2026, 5, 5, tzinfo=UTC)),
    "no-contact": lambda: line(contact_has_role=False),
    "no-statement": lambda: line(statement_given_on=None),
}


def test_what_needs_the_school_is_of_cases_that_are_not_closed() -> None:
    assert set(NEEDED) == set(NEEDS)
    assert Report([line()]).needs == []
    for code, made in NEEDED.items():
        assert [figure.code for figure in Report([line(), made()]).needs] == [code]
        row = SimpleNamespace(**{**vars(made().row), "status": Status.CLOSED})
        assert Report([Line(row, FIRST)]).needs == []  # type: ignore[arg-type]


def test_first_meetings_are_counted_as_held_in_time_later_not_recorded_or_not_due() -> None:
    cases = [line(met_on=A_MONDAY), line(met_on=SECOND), line(SECOND), line(A_MONDAY)]
    (_, figures), *none = Report(cases).meetings[0].quarters
    assert (none, [figure.count for figure in figures]) == ([], [1, 1, 1, 1])


@pytest.mark.parametrize(
    ("today", "engaged_on", "first", "second"),
    [
        (SECOND, None, Standing.NOT_YET_DUE, Standing.NOT_YET_DUE),
        (SECOND + timedelta(days=1), None, Standing.NOT_RECORDED, Standing.NOT_YET_DUE),
        (THIRD + timedelta(days=1), None, Standing.NOT_RECORDED, Standing.NOT_RECORDED),
        (THIRD, SECOND, Standing.ACHIEVED, Standing.ACHIEVED),
        (THIRD, SECOND + timedelta(days=1), Standing.MISSED, Standing.ACHIEVED),
        (date(2026, 6, 8), THIRD + timedelta(days=1), Standing.MISSED, Standing.MISSED),
    ],
)
def test_student_and_whanau_have_limits_of_their_own(
    today: date, engaged_on: date | None, first: Standing, second: Standing
) -> None:
    """Whether the school was met says nothing of them."""
    for met_on in (None, A_MONDAY):
        case = Told(met_on=met_on, engaged_on=engaged_on)
        found = [judged(measure, case, today) for measure in engagement_limits()]
        assert [(each.standing, each.due_on) for each in found] == [(first, SECOND), (second, THIRD)]
    assert dict(engagement_limits()) == {"engage_10bd": 10, "engage_15bd": 15}
    assert judged(FIVE, Told(engaged_on=A_MONDAY), SECOND).standing is Standing.NOT_RECORDED


def test_whom_nobody_could_reach_that_day_does_not_count_unless_they_were_met() -> None:
    unreached = Told(is_reached=False)
    assert judged("engage_10bd", unreached, SECOND).standing is Standing.NOT_YET_DUE, "the day is not over"
    late = judged("engage_10bd", unreached, SECOND + timedelta(days=1))
    assert (late.standing, late.why) == (Standing.EXCLUDED, UNREACHED)
    assert judged("engage_10bd", replace(unreached, engaged_on=THIRD), THIRD).standing is Standing.MISSED
    assert judged(TEN, unreached, THIRD).standing is Standing.NOT_RECORDED, "of the school nobody asks that"


def test_what_was_written_last_by_the_end_of_a_day_says_whether_a_whanau_could_be_reached() -> None:
    changes = [(datetime(2026, 5, day, 1, tzinfo=UTC), day == 12) for day in (8, 12, 18)]
    case = Line(Told(), SECOND, reached=changes)  # type: ignore[arg-type]
    days = (date(2026, 5, 7), date(2026, 5, 8), date(2026, 5, 11), date(2026, 5, 12), date(2026, 5, 17), SECOND)
    assert [case.is_reached_on(day) for day in days] == [True, False, False, True, True, False]
    assert "engage_10bd" in case.judged
    assert "engage_10bd" not in line().judged, "a school is told of its own meeting"


def test_a_page_goes_on_after_a_case_that_is_not_among_them_any_more() -> None:
    every = [line(number=number) for number in "abcd"]
    assert [each.number for each in following([every[1], every[3]], "", every)] == ["b", "d"]
    assert [each.number for each in following([every[1], every[3]], "c", every)] == ["d"]
    assert following(every, "nowhere", every) == following(every, "d", every) == []


def test_attendance_stands_with_what_fell_furthest_first() -> None:
    rises = [line(number=str(by), changed=Change(presence(10), presence(10 + by))) for by in (0, 5, -4)]
    report = Report([*rises, line()])
    assert [each.number for each in report.attendance.lines] == ["-4", "0", "5"]
    assert [figure.count for figure in report.changes] == [1, 1, 1]
    assert report.together is None
