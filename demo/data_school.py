"""What a school's own letters need: its letterhead, and two students without a case, of whom one has missed ten days of this term
and one is to be away on holiday."""

from datetime import timedelta

from sqlalchemy import exists, select

from app.attendance.actions import state_absences
from app.attendance.rules import ONE_DAY, Absences, HalfDays, most_open
from app.calendars.school_terms import is_in_term, term_at
from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.core.versions import version_of
from app.letters.letterheads.actions import change_letterhead
from app.letters.letterheads.rules import LetterheadTexts
from app.letters.school.actions import record_holiday
from app.letters.school.queries import OnRoll, student_for
from app.letters.school.rules import HolidayFacts
from app.people.queries import Actor
from app.referrals.models import Referral
from app.students.caregivers.actions import change_caregiver
from app.students.models import Caregiver, Enrolment, Student
from app.students.queries import caregivers_of
from app.students.rules import CaregiverFacts, facts_of

LETTERHEAD = LetterheadTexts(
    name_mi="Te Kāreti o Tawa Awa",
    address="20 Kōwhai Street\nTawa\nWellington 5028",
    phone="04 555 0190",
    email="tari@tawa-awa.example",
)
MISSED = 10
A_WEEK = timedelta(days=7)


def letters_of_school(lead: Actor) -> None:
    """Both begin where an attendance lead would: the letter is due, or asked for, and nothing is made yet."""
    change_letterhead(LETTERHEAD, version=version_of(LetterheadTexts().texts), by=lead)
    absent, away = (_known(lead, student) for student in _without_case(lead))
    for head in (absent, away):
        _say_who_is_written_to(head, lead)
    _say_what_was_missed(absent, lead)
    _say_who_is_away(away, lead)


def _without_case(lead: Actor) -> list[str]:
    """The first two of the roll whom nobody asked support for, and of whom the school knows a caregiver."""
    here = (Enrolment.student_id == Student.id, Enrolment.school_id == lead.organisation_id)
    known = exists().where(Caregiver.student_id == Student.id)
    asked = exists().where(Referral.student_id == Student.id) | exists().where(Case.student_id == Student.id)
    statement = select(Student.public_id).where(exists().where(*here), known, ~asked)
    return list(db.session.scalars(statement.order_by(Student.id).limit(2)))


def _known(lead: Actor, student: str) -> OnRoll:
    found = student_for(lead, student)
    if found is None:
        raise LookupError("the demonstration's school does not see its own student")
    return found


def _say_who_is_written_to(head: OnRoll, lead: Actor) -> None:
    first, *_ = caregivers_of(head.student_id)
    was = facts_of(first)
    asked = {"has_responsibility": True, "may_be_contacted": True, "lives_with_student": True}
    change_caregiver(head, first.id, CaregiverFacts(**(was.values | asked)), version=version_of(was.texts), by=lead)


def _say_what_was_missed(head: OnRoll, lead: Actor) -> None:
    """Ten days, or as many as the term has had."""
    today, term = clock.today(), term_at(clock.today())
    if term and (half_days := most_open(term.from_on, today)):
        missed = HalfDays(half_days, 0, min(MISSED * ONE_DAY, half_days))
        state_absences(head, Absences(term.from_on, today, today, missed, "Our register of today", today), by=lead)


def _say_who_is_away(head: OnRoll, lead: Actor) -> None:
    """For a week, from a week on; in the holidays that needs no letter."""
    today = clock.today()
    from_on, to_on = today + A_WEEK, today + 2 * A_WEEK
    if is_in_term(from_on, to_on):
        record_holiday(head, HolidayFacts(from_on, to_on, "The mother, at the office", today), by=lead)
