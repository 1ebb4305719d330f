"""What another school's request does to a case, and from when on that school and its contacts see it (CASE-10)."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, select, update

from app.cases.arrivals.queries import at_school, contacts_to_come, known_by_hand, was_shown
from app.cases.models import Case
from app.cases.naming import shows_cases
from app.cases.seeing import seen_from
from app.core import clock
from app.core.db import db
from app.core.untold import still_to_tell, tell_now
from app.students.models import Enrolment
from app.students.rules import known_since


def act_for_school(case: Case, school_id: int, *, also: int | None = None) -> bool:
    """This school asks for support itself, so the case is its own from now on, and waits no longer for it. False where it knows
    of the student by its own hand alone: it waits until what is shared was looked through, and whose case it is keeps it.
    `also`: another record of the student, which becomes one with the case's."""
    if case.school_id != school_id and (by_hand := known_by_hand(case, school_id, also)):
        for enrolment in by_hand:
            if enrolment.cases_from is None or enrolment.cases_from <= clock.today():
                enrolment.cases_from = seen_from(case, clock.today())
        return False
    if case.school_id != school_id:
        show(*at_school(case, case.school_id), ~shows_cases())  # what was its own it goes on seeing
        case.school_id = school_id
        show(*at_school(case, school_id, also), Enrolment.cases_from > clock.today())
        come_in(case.id, [school_id])
    return True


def show(*which: ColumnElement[bool]) -> Sequence[int]:
    """From today on the schools of these enrolments see what is shared; which schools."""
    shown = update(Enrolment).where(*which).values(cases_from=clock.today()).returning(Enrolment.school_id)
    return db.session.scalars(shown).all()


def come_in(case_id: int, school_ids: Collection[int]) -> None:
    """Whom requests of these schools named as contacts, for when the schools see the case, are so from now on, and are told now."""
    for named in db.session.scalars(contacts_to_come(case_id, school_ids).with_for_update()).all():
        tell_now(still_to_tell(named, clock.now()))
        named.since = clock.now()
    db.session.flush()


def act_no_more(case: Case, school_id: int, was_id: int) -> None:
    """This school takes back the request by which it acts: where it waited to see the case, it waits as long as it would have,
    and the case is again that of the school that had it."""
    seen = db.session.scalars(
        select(Enrolment).where(*at_school(case, school_id), Enrolment.cases_from <= clock.today())
    )
    for enrolment in seen.all():
        until = seen_from(case, begins(enrolment))
        if until > clock.today() and not was_shown(case, enrolment):
            enrolment.cases_from, case.school_id = until, was_id


def begins(enrolment: Enrolment) -> date:
    """The day from which on a school waits that came to be one of the student's by this enrolment."""
    return max(enrolment.from_on, clock.nz(known_since(enrolment)).date())
