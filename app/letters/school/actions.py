"""A school's letters are held back, let out of their turn, come back; and holidays in term time are recorded (LET-2, LET-4)."""

from datetime import date

from sqlalchemy import select

from app.attendance.calendars.queries import said_of
from app.attendance.models import Holiday
from app.calendars.school_terms import is_in_term
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.events import Happened
from app.core.following import let_follow
from app.core.security import public_id
from app.core.text import fold, nfc
from app.letters import actions
from app.letters.facts import thawed
from app.letters.holds import HoldReason, LetterHold
from app.letters.models import Method
from app.letters.purposes import Purpose
from app.letters.rules import CameBack
from app.letters.rulings import LetterException
from app.letters.school.dossiers import NAMED_NO_MORE, SchoolAddressee, SchoolDossier, dossiers_of
from app.letters.school.finding import HolidayOf, NamedByUs, SchoolException, SchoolHold, SchoolLetter, case_at_school
from app.letters.school.gathering import address_of
from app.letters.school.naming import home_of, known, named_by_school
from app.letters.school.queries import OnRoll
from app.letters.school.rules import HolidayFacts, fault_of_holiday
from app.people.queries import Actor
from app.students.caregivers.actions import (
    OTHER_ADDRESSEE,
    end_caregiver,
    keep_reachable,
    mark_address_not_current,
    mark_email_not_current,
)
from app.students.models import FormerCaregiver
from app.students.queries import caregiver_to_change, hold_student
from app.students.records.finding import find_by_details

OVER = "The hold would have ended already. Write a day from today on."
WRITTEN = "There is such a letter in this term already, or it may be written now without an exception."
IN_CASE = "The case {number} of this student is open. Whoever works it says who is a caregiver: write a note there."
IN_SOME_CASE = "A case still needs this caregiver. Whoever works it says who is a caregiver."
NAMED_TWICE = "{name} has been named anew since, so nothing was taken back. Write there what is missing."
NO_TERM = "No school term is known that letters could be written in."


def hold_letters(
    head: OnRoll, reason: HoldReason, *, until_on: date, why: str, caregiver_id: int | None, by: Actor
) -> LetterHold:
    """LET-4: no letters of the school until that day, to one caregiver or to all."""
    if until_on < clock.today():
        raise Refused(OVER)
    hold = LetterHold(
        public_id=public_id(),
        student_id=head.student_id,
        organisation_id=head.school_id,
        caregiver_id=caregiver_id,
        purpose=Purpose.SCHOOL,
        reason=reason,
        why=nfc(why),
        until_on=until_on,
        at=clock.now(),
        by_id=by.person_id,
    )
    db.session.add(hold)
    db.session.flush()
    events.record("letters.held", by=by, on=hold)
    return hold


def end_hold(found: SchoolHold, *, by: Actor) -> None:
    """Letters may be written again; ended twice it ended once."""
    if found.hold.ended_at is None:
        found.hold.ended_at, found.hold.ended_by_id = clock.now(), by.person_id
        events.record("letters.let_go", by=by, on=found.hold)


def except_step(dossier: SchoolDossier, step: int, why: str, *, by: Actor) -> LetterException:
    """That letter may be written now, however many days were missed. Raises `Refused` where it needs no exception."""
    hold_student(dossier.head.student_id)
    dossier = _anew(dossier)
    if dossier.term is None:
        raise Refused(NO_TERM)
    if step not in {each.number for each in dossier.to_except}:
        raise Refused(WRITTEN)
    ruling = LetterException(
        public_id=public_id(),
        student_id=dossier.head.student_id,
        caregiver_id=dossier.caregiver.id,
        purpose=dossier.purpose,
        step=step,
        round=dossier.round,
        why=nfc(why),
        at=clock.now(),
        by_id=by.person_id,
    )
    db.session.add(ruling)
    db.session.flush()
    events.record("letter.excepted", by=by, on=ruling)
    return ruling


def _anew(dossier: SchoolDossier) -> SchoolDossier:
    """As it stands now: who else rules on letters about this student waits."""
    found = next((each for each in dossiers_of(dossier.head) if each.caregiver.id == dossier.caregiver.id), None)
    if found is None:
        raise Conflict(NAMED_NO_MORE)
    return found


def end_exception(found: SchoolException, *, by: Actor) -> None:
    """Ended twice it ended once."""
    if found.exception.ended_at is None:
        found.exception.ended_at, found.exception.ended_by_id = clock.now(), by.person_id
        events.record("letter.exception_ended", by=by, on=found.exception)


def record_holiday(head: OnRoll, told: HolidayFacts, *, by: Actor) -> Holiday:
    """LET-5: letters about days absent wait until it is over, and one letter goes to each caregiver about it."""
    refuse_faulty(*faults_of(head, told).values())
    holiday = Holiday(
        public_id=public_id(),
        student_id=head.student_id,
        school_id=head.school_id,
        from_on=told.from_on,
        to_on=told.to_on,
        source=nfc(told.source),
        told_on=told.told_on,
        recorded_by_id=by.person_id,
        recorded_at=clock.now(),
    )
    db.session.add(holiday)
    db.session.flush()
    events.record("holiday.recorded", by=by, on=holiday)
    return holiday


def faults_of(head: OnRoll, told: HolidayFacts) -> dict[str, str]:
    """What is wrong with a holiday of this student's school: field → what to do."""
    is_school_day = is_in_term(told.from_on, told.to_on, said_of(head.school_id))
    return fault_of_holiday(told, clock.today(), is_school_day=is_school_day)


def end_holiday(found: HolidayOf, *, by: Actor) -> None:
    """It does not take place, or was recorded by mistake; letters that were made about it stay."""
    if found.holiday.ended_at is None:
        found.holiday.ended_at, found.holiday.ended_by_id = clock.now(), by.person_id
        events.record("holiday.ended", by=by, on=found.holiday)


def give_up(found: SchoolAddressee, *, by: Actor) -> bool:
    """The school names this caregiver no more; letters to them stay. Whoever works the student's case ends caregivers of it: raises
    `Refused` where there is one. False where they are named no more already."""
    caregiver = caregiver_to_change(found.dossier.caregiver.id)
    if (number := case_at_school(by, found.head.student_id)) is not None:
        raise Refused(IN_CASE.format(number=number) if number else IN_SOME_CASE)
    if not end_caregiver(found.head, caregiver.id, by=by):
        return False
    caregiver.changed_at, caregiver.changed_by_id = caregiver.ended_at, by.person_id
    db.session.flush()
    let_follow(Happened(OTHER_ADDRESSEE, caregiver), by=by)
    return True


def name_again(found: NamedByUs, *, by: Actor) -> bool:
    """The school had ended them by mistake. False where it has not, or not any more; `Refused` where they are named anew."""
    caregiver = caregiver_to_change(found.caregiver.id)
    if caregiver.ended_at is None or caregiver.ended_at != caregiver.changed_at:
        return False
    others = named_by_school(found.head.student_id, found.head.school_id)
    if fold(caregiver.name) in {fold(known(row).name) for row in others}:
        raise Refused(NAMED_TWICE.format(name=caregiver.name))
    last = select(FormerCaregiver).where(FormerCaregiver.caregiver_id == caregiver.id)
    was = db.session.scalar(last.order_by(FormerCaregiver.number.desc()).limit(1))
    caregiver.ended_at, caregiver.changed_at = None, was.until if was else None
    caregiver.changed_by_id = was.by_id if was else None
    db.session.flush()
    find_by_details(caregiver.student_id)
    keep_reachable(found.head.student_id, by=by)
    events.record("caregiver.named_again", by=by, on=caregiver)
    return True


def record_back(found: SchoolLetter, came: CameBack, *, by: Actor) -> None:
    """One that was returned stops the others until there is another address, if that is still where a letter would go. What
    somebody else has written down since is not this school's to judge."""
    is_new, head, letter = actions.record_back(found, came, by=by), found.head, found.letter
    rows = named_by_school(head.student_id, head.school_id) if is_new else ()
    row = next((row for row in rows if row.Caregiver.id == letter.caregiver_id and not known(row).is_shared), None)
    if row is None:
        return
    went_to = thawed(letter.facts).values.get("caregiver_address")
    if letter.method is Method.EMAIL:
        mark_email_not_current(head, letter.caregiver_id, came.on, since=letter.sent_recorded_at, by=by)
    elif address_of(known(row), home_of(head.student_id, head.school_id, [row])) == went_to:
        mark_address_not_current(head, letter.caregiver_id, came.on, by=by)
