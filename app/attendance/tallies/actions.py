"""The sums of a school's marks are counted anew, a few students at a time (ATT-2)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import delete, func, insert

from app.attendance.calendars.actions import CLOSED, REOPENED, TERMS
from app.attendance.calendars.queries import calendar_of
from app.attendance.tallies.listing import TermOfSchool
from app.attendance.tallies.models import ConfirmedTerm, TallyDue, TermTally
from app.attendance.tallies.queries import (
    Sums,
    as_marked,
    marked_at,
    marks_until,
    region_of,
    stays_at,
    students_after,
    sums_of_each,
    weeks_of_each,
)
from app.attendance.tallies.rules import Counted, TermDays, begins_with, tally_of, terms_between
from app.calendars.school_calendar import SchoolCalendar
from app.core import clock, events
from app.core.db import db, inserting, mark_due
from app.core.errors import Refused
from app.core.events import Happened
from app.core.following import follows, let_follow
from app.people.queries import Actor
from app.students.merging.actions import CAME_BACK, WENT_OVER
from app.students.models import Enrolment

SUMS = ("present", "justified", "unjustified", "not_counted", "unmarked", "absent", "explained", "unexplained")
A_BITE = 200
"""Students of one transaction."""
CONFIRMED, PROVISIONAL_AGAIN = "term.confirmed", "term.provisional_again"
NOT_OVER = "This term is not over yet. Confirm it when it is."
COUNTED = "marks.counted_anew"
"""Stands in no log: what followed from it does."""
Counter = Callable[[int, Sequence[int]], None]
"""Given the school, and some of its students."""
_also: list[Counter] = []


@dataclass(frozen=True)
class Recounted:
    """Students of a school whose sums are others now, and the terms of which they are."""

    school_id: int
    students: Collection[int]
    terms: Collection[int]


@dataclass(frozen=True)
class TermInLog:
    """A term, as the log names it."""

    id: int
    __tablename__: ClassVar[str] = "confirmed_term"


@dataclass(frozen=True)
class ItselfAt:
    """Waharoa counts by itself what a school sent or said."""

    organisation_id: int
    person_id: Any = None
    role: str = "waharoa"


def counts_with(counter: Counter) -> Counter:
    """Register what rooms above count anew of these students, in the same transaction."""
    _also.append(counter)
    return counter


def ask_to_count(school_id: int, from_on: date) -> None:
    """From the term of a day on; what is asked for while it is being counted begins anew."""
    values = {"school_id": school_id, "from_on": from_on, "after_id": 0, "asked": 1, "asked_at": clock.now()}
    added = inserting(TallyDue).values(**values)
    earlier = func.min if db.session.get_bind().dialect.name == "sqlite" else func.least
    again = {"from_on": earlier(TallyDue.from_on, from_on), "after_id": 0, "asked": TallyDue.asked + 1}
    db.session.execute(added.on_conflict_do_update(index_elements=[TallyDue.school_id], set_=again))
    mark_due()


@follows(TERMS, CLOSED, REOPENED)
def count_by_calendar(happened: Happened, by: events.By) -> None:
    """Days count otherwise by what a school said of its calendar: of a term, in the whole of its year."""
    entry = happened.on
    ask_to_count(entry.school_id, date(entry.term // 10, 1, 1) if entry.term else entry.from_on)


@follows("enrolment.recorded")
def count_by_roll(happened: Happened, by: events.By) -> None:
    """Where a school sent marks of this student, the time on its roll says which of them count."""
    at = happened.on.school_id
    if monday := marked_at([happened.on.student_id]).get(at):
        ask_to_count(at, monday)


def count_without(enrolment: Enrolment, marked_from: date | None) -> None:
    """The same of an enrolment that was taken back; `marked_from` was asked as it went (`first_mark_of`)."""
    if marked_from:
        ask_to_count(enrolment.school_id, marked_from)


@follows(WENT_OVER, CAME_BACK)
def count_by_record(happened: Happened, by: events.By) -> None:
    """Two records are one, or two again (CASE-18): wherever there are marks of either."""
    for school_id, monday in marked_at([happened.on.from_id, happened.on.into_id]).items():
        ask_to_count(school_id, monday)


def count_some(due: TallyDue) -> None:
    """The next of its students; after the last one it is not due any more."""
    students = students_after(due.school_id, due.after_id, A_BITE)
    before = sums_of_each(due.school_id, students)
    if students:
        count_anew(due.school_id, students, due.from_on)
    for count in _also if students else ():
        count(due.school_id, students)
    _say_changed(due.school_id, students, before)
    if len(students) < A_BITE:
        db.session.delete(due)
    else:
        due.after_id = students[-1]


def _say_changed(school_id: int, students: Sequence[int], before: Mapping[int, Sums]) -> None:
    db.session.flush()
    now = sums_of_each(school_id, students)
    found = {student_id: before.get(student_id, set()) ^ now.get(student_id, set()) for student_id in students}
    if changed := {student_id for student_id, sums in found.items() if sums}:
        terms = {term for sums in found.values() for term, *_ in sums}
        let_follow(Happened(COUNTED, Recounted(school_id, changed, terms)), by=ItselfAt(school_id))


def count_anew(school_id: int, students: Sequence[int], from_on: date) -> None:
    """The sums of these students, from the term of a day on, take the place of those before; there are none where the school
    sent no marks since that term began."""
    calendar = calendar_of(school_id, region_of(school_id))
    calendar = as_marked(calendar, school_id, range(from_on.year, clock.today().year + 1))
    begins = begins_with(calendar, from_on)
    until = marks_until(school_id, begins)
    terms = terms_between(calendar, begins, until) if until else []
    rows = list(_rows(school_id, students, calendar, terms))
    _forget(school_id, students, begins)
    if rows:
        db.session.execute(insert(TermTally), rows)


def _rows(
    school_id: int, students: Sequence[int], calendar: SchoolCalendar, terms: Sequence[TermDays]
) -> Iterator[dict[str, Any]]:
    if not terms:
        return
    begins, until = terms[0].from_on, terms[-1].to_on
    weeks = weeks_of_each(students, school_id, begins, until)
    stays = stays_at(school_id, students, begins)
    for student_id in students:
        for term in terms:
            if found := tally_of(weeks.get(student_id, []), stays.get(student_id, []), calendar, term):
                yield _row(school_id, student_id, term.code, found)


def confirm_term(found: TermOfSchool, *, by: Actor) -> None:
    """The school says that its marks of a term are right (ATT-4); said twice it was said once. Raises `Refused` for one that is
    not over."""
    if found.ended_on is None:
        raise Refused(NOT_OVER)
    values = {"school_id": found.school_id, "term": found.term, "at": clock.now(), "by_id": by.person_id}
    key = [ConfirmedTerm.school_id, ConfirmedTerm.term]
    added = inserting(ConfirmedTerm).values(**values).on_conflict_do_nothing(index_elements=key)
    if db.session.execute(added.returning(ConfirmedTerm.term)).first():
        events.record(CONFIRMED, by=by, on=TermInLog(found.term))


def take_back_confirmation(found: TermOfSchool, *, by: Actor) -> None:
    """It is provisional again; who confirmed it stays in the log."""
    this = (ConfirmedTerm.school_id == found.school_id, ConfirmedTerm.term == found.term)
    gone = delete(ConfirmedTerm).where(*this).returning(ConfirmedTerm.term)
    if db.session.execute(gone.execution_options(synchronize_session=False)).first():
        events.record(PROVISIONAL_AGAIN, by=by, on=TermInLog(found.term))


def _row(school_id: int, student_id: int, term: int, found: Counted) -> dict[str, Any]:
    days = {"from_on": found.from_on, "to_on": found.to_on}
    return {"student_id": student_id, "school_id": school_id, "term": term, **days} | {
        name: getattr(found.sums, name) for name in SUMS
    }


def _forget(school_id: int, students: Sequence[int], from_on: date) -> None:
    theirs = (TermTally.school_id == school_id, TermTally.student_id.in_(students), TermTally.to_on >= from_on)
    db.session.execute(delete(TermTally).where(*theirs))
