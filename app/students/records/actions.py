"""Two records become one: what hangs on the newer one hangs on the earlier one from then on."""

from sqlalchemy import delete, select, update

from app.core.db import db
from app.core.events import By
from app.students.models import Caregiver, Enrolment, NameWord, PrivacyStatementGiven, Student
from app.students.records.finding import find_by_details, find_by_names_of, make_findable
from app.students.records.keeping import give_number, keep_former
from app.students.records.models import DetailWord

SAID = ("address", "phone", "language")


def become_one(newer_id: int, earlier_id: int, *, by: By) -> None:
    """Both schools' enrolments stand with the earlier record, and whoever could look for either finds it by the names of both.
    The newer record stays, emptied. Its number goes along where the earlier one has none; of how the student is reached the
    newer one knows better, so the two change places there and nothing is lost; whoever says that they are one says so, so that
    no school finds there what another found."""
    newer, earlier = (db.session.get_one(Student, each) for each in (newer_id, earlier_id))
    for kind in (Enrolment, Caregiver, PrivacyStatementGiven):
        db.session.execute(update(kind).where(kind.student_id == newer_id).values(student_id=earlier_id))
    _find_by_both(newer, earlier)
    for student in (earlier, newer):
        keep_former(student, by)
    for name in SAID:
        if said := getattr(newer, name):
            setattr(newer, name, getattr(earlier, name))
            setattr(earlier, name, said)
    earlier.preferred_name = earlier.preferred_name or newer.preferred_name
    _take_number(newer, earlier)
    find_by_details(earlier_id)


def _find_by_both(newer: Student, earlier: Student) -> None:
    knows = select(NameWord.organisation_id).where(NameWord.student_id == newer.id).distinct()
    for organisation_id in db.session.scalars(knows).all():
        make_findable(earlier, organisation_id)
    find_by_names_of(newer.id, earlier.id)
    for kind in (NameWord, DetailWord):
        db.session.execute(delete(kind).where(kind.student_id == newer.id))


def _take_number(newer: Student, earlier: Student) -> None:
    if newer.national_number and not earlier.national_number:
        give_number(newer, earlier)
    db.session.flush()
