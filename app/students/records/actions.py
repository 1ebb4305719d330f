"""Two records become one: what hangs on the newer one hangs on the earlier one from then on."""

from sqlalchemy import delete, literal, select, update

from app.core.db import db, inserting
from app.students.actions import make_findable
from app.students.models import Caregiver, Enrolment, NameWord, PrivacyStatementGiven, Student

SAID = ("address", "phone", "language")


def become_one(newer_id: int, earlier_id: int) -> None:
    """Both schools' enrolments stand with the earlier record, and whoever could look for either finds it by the names of both.
    The newer record stays, emptied. Its number goes along where the earlier one has none; of how the student is reached the
    newer one knows better, so the two change places there and nothing is lost."""
    newer, earlier = (db.session.get_one(Student, each) for each in (newer_id, earlier_id))
    for kind in (Enrolment, Caregiver, PrivacyStatementGiven):
        db.session.execute(update(kind).where(kind.student_id == newer_id).values(student_id=earlier_id))
    _find_by_both(newer, earlier)
    for name in SAID:
        if said := getattr(newer, name):
            setattr(newer, name, getattr(earlier, name))
            setattr(earlier, name, said)
    earlier.preferred_name = earlier.preferred_name or newer.preferred_name
    _take_number(newer, earlier)


def _find_by_both(newer: Student, earlier: Student) -> None:
    words = select(NameWord.organisation_id, NameWord.word, literal(earlier.id)).where(NameWord.student_id == newer.id)
    for organisation_id in db.session.scalars(words.with_only_columns(NameWord.organisation_id).distinct()).all():
        make_findable(earlier, organisation_id)
    columns = [NameWord.organisation_id, NameWord.word, NameWord.student_id]
    db.session.execute(inserting(NameWord).from_select(columns, words).on_conflict_do_nothing())
    db.session.execute(delete(NameWord).where(NameWord.student_id == newer.id))


def _take_number(newer: Student, earlier: Student) -> None:
    number = newer.national_number
    if number and not earlier.national_number:
        newer.national_number = None
        db.session.flush()
        earlier.national_number = number
    db.session.flush()
