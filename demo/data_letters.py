"""What letters need: the services' letterheads, and of some cases whom may be written to and which days were missed."""

from datetime import date, timedelta
from itertools import islice

from sqlalchemy import select

from app.attendance.actions import state_absences
from app.attendance.known import absences_of
from app.attendance.rules import ONE_DAY as ONE_SCHOOL_DAY
from app.attendance.rules import Absences, HalfDays, Week
from app.calendars.school_calendar import SchoolCalendar
from app.cases.models import Case, CaseKind, Status
from app.core import clock
from app.core.db import db
from app.core.versions import version_of
from app.letters.letterheads.actions import change_letterhead
from app.letters.letterheads.rules import LetterheadTexts
from app.people.queries import Actor
from app.students.caregivers.actions import change_caregiver
from app.students.models import LettersBy, Tried
from app.students.queries import caregivers_of
from app.students.rules import CaregiverFacts, facts_of
from demo.data_moments import ONE_DAY

LETTERHEADS = {
    "S01": LetterheadTexts(
        name_mi="Te Ratonga Taetae o Te Awa",
        address="3 Awa Road\nTawa\nWellington 5028",
        phone="04 555 0193",
        email="kiaora@te-awa.example",
    ),
    "S02": LetterheadTexts(
        address="18 Harbour Street\nKōwhai Bay 4360", phone="06 555 0194", email="letters@kowhai-bay.example"
    ),
}
WEEKS = 5
HOLIDAYS = 8
"""Weeks, at most, between two terms."""
FRIDAY = timedelta(days=4)


def write_letterhead(number: str, *, by: Actor) -> None:
    change_letterhead(LETTERHEADS[number], version=version_of(LetterheadTexts().texts), by=by)


def say_what_letters_need(case: Case, days_absent: int, *, contact: Actor, by: Actor) -> None:
    """The case manager has asked the school: the first caregiver has responsibility and lives with the student, and these
    days were missed in the last weeks. Where they have an e-mail address, they chose letters by e-mail. Of the others nothing
    is said yet."""
    first, *_ = caregivers_of(case.student_id)
    known = facts_of(first)
    change_caregiver(case, first.id, _said(known), version=version_of(known.texts), by=by)
    state_absences(case, _told(days_absent, f"{contact.name}, by phone", case.region), by=by)


def ask_again(by: Actor) -> None:
    """The schools of half of her cases were asked once more today: letters that are made together need new figures."""
    mine = select(Case).where(Case.manager_id == by.person_id, Case.kind == CaseKind.CA, Case.status != Status.CLOSED)
    for case in db.session.scalars(mine.order_by(Case.id)).all()[::2]:
        if told := absences_of(case.student_id, case.school_id):
            days = told.half_days.absent // ONE_SCHOOL_DAY
            state_absences(case, _told(days, told.source, case.region), by=by)


def _said(known: CaregiverFacts) -> CaregiverFacts:
    asked = {"has_responsibility": True, "may_be_contacted": True, "lives_with_student": True}
    checked = {"address_state": Tried.CURRENT, "address_checked_on": clock.today()} if known.address else {}
    chose = {"letters_by": LettersBy.EMAIL, "letters_by_on": clock.today()} if known.email else {}
    return CaregiverFacts(**(known.values | asked | checked | chose))


def _told(days_absent: int, source: str, region: str) -> Absences:
    """The last whole weeks of term before today, the days spread over them, a third of each with a reason."""
    weeks = _weeks_of_term(SchoolCalendar(region), clock.today())
    absent = min(ONE_SCHOOL_DAY * days_absent, sum(is_open for _, is_open in weeks))
    told = []
    for number, (monday, is_open) in enumerate(weeks):
        share = min(is_open, -(-absent // (len(weeks) - number)))
        told.append(_week(monday, is_open, share))
        absent -= share
    sums = sum((week.half_days for week in told), HalfDays(0, 0, 0))
    last = told[-1].from_on + FRIDAY
    return Absences(told[0].from_on, last, last, sums, source, clock.today(), tuple(told))


def _weeks_of_term(calendar: SchoolCalendar, today: date) -> list[tuple[date, int]]:
    """Their Mondays, oldest first, and the half-days that the school was open; holidays are no weeks."""
    mondays = (today - timedelta(days=today.weekday(), weeks=number) for number in range(1, 2 * WEEKS + HOLIDAYS))
    opened = ((monday, _open_in(calendar, monday)) for monday in mondays)
    return sorted(islice(((monday, is_open) for monday, is_open in opened if is_open), WEEKS))


def _open_in(calendar: SchoolCalendar, monday: date) -> int:
    days = (monday + number * ONE_DAY for number in range(5))
    return sum(calendar.open_half_days(day) for day in days if calendar.term_on(day))


def _week(from_on: date, is_open: int, absent: int) -> Week:
    return Week(from_on, HalfDays(is_open, absent // 3, absent - absent // 3))
