"""By what a student is found whose two records became one, and came apart again (P14)."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select

from app.core.db import db
from app.students.models import NameWord, Student
from app.students.records.finding import find_by_details, find_by_names_of, make_findable
from app.students.records.models import MergeState, StudentMerge


def find_by_both(goes: Student, stays: Student) -> Sequence[int]:
    """Whoever could look for either finds the one that stays, by the names of both. Which organisations could not before."""
    known = select(NameWord.organisation_id).where(NameWord.student_id == stays.id)
    new = select(NameWord.organisation_id).where(NameWord.student_id == goes.id, NameWord.organisation_id.not_in(known))
    organisations = db.session.scalars(new.distinct()).all()
    for organisation_id in organisations:
        make_findable(stays, organisation_id)
    find_by_names_of(goes.id, stays.id)
    return organisations


def find_apart(merge: StudentMerge, *, only_by_it: Collection[int]) -> None:
    """Each by its own names again, and by its own details; and by the names of another that went into it."""
    known = select(NameWord.organisation_id).where(NameWord.student_id == merge.into_id).distinct()
    organisations = [each for each in db.session.scalars(known) if each not in only_by_it]
    find_by_details(merge.into_id)
    db.session.execute(delete(NameWord).where(NameWord.student_id == merge.into_id))
    for organisation_id in organisations:
        make_findable(db.session.get_one(Student, merge.into_id), organisation_id)
    others = select(StudentMerge.from_id).where(StudentMerge.into_id == merge.into_id)
    for other_id in db.session.scalars(others.where(StudentMerge.state == MergeState.CONFIRMED)).all():
        find_by_names_of(other_id, merge.into_id)
    find_by_details(merge.from_id)
