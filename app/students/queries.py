"""Finding students on a school's roll, whether or not one types the macron (P14)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.db import TODAY, AnyRow, AnySelect, db
from app.core.text import prefix_bounds, words
from app.people.models import Organisation, Person
from app.people.queries import Actor
from app.students.models import Caregiver, Enrolment, EnrolmentSource, FormerCaregiver, NameWord, Student

MOST_FOUND = 20
Earlier = aliased(Enrolment)
_FIRST = and_(FormerCaregiver.caregiver_id == Caregiver.id, FormerCaregiver.number == 1)
_NAMED = (
    *(Caregiver.name, Caregiver.relationship, Caregiver.phone),
    *(Caregiver.email, Caregiver.address, Caregiver.language),
)
_OWN_WORDS = [func.coalesce(getattr(FormerCaregiver, column.key), column).label(column.key) for column in _NAMED]
"""Of a caregiver, as whoever named them said it first."""
ON_ROLL = (Student.id, Student.public_id, Student.legal_name, Student.preferred_name, Student.born_on)


def is_not_over() -> ColumnElement[bool]:
    """A clause on Enrolment: it counts until the end of its last day (CAL-5)."""
    return or_(Enrolment.to_on.is_(None), Enrolment.to_on >= TODAY)


def is_enrolled(
    school_id: ColumnElement[int] | int, student_id: Any, *which: ColumnElement[bool]
) -> ColumnElement[bool]:
    """A clause: the student is enrolled at the school today, main or additional; in such an enrolment."""
    return exists().where(
        Enrolment.student_id == student_id,
        Enrolment.school_id == school_id,
        Enrolment.from_on <= TODAY,
        is_not_over(),
        *which,
    )


def was_enrolled_by(
    school_id: ColumnElement[int] | int, student_id: Any, at: Any, *which: ColumnElement[bool]
) -> ColumnElement[bool]:
    """A clause: the student had come to the school by then, in such an enrolment; perhaps they have left since."""
    here = (Enrolment.student_id == student_id, Enrolment.school_id == school_id)
    return exists().where(*here, Enrolment.from_on <= at, *which)


def cases_wait_until(student_id: Any) -> Any:
    """From which day on a school that the student came to sees what they brought along; nothing where none waits (CASE-10)."""
    waits = (Enrolment.cases_from > TODAY, is_not_over())
    return select(func.min(Enrolment.cases_from)).where(Enrolment.student_id == student_id, *waits).scalar_subquery()


def students_found(actor: Actor, text: str) -> Sequence[AnyRow]:
    """Up to 20 students on the roll of the actor's school whose names hold every word of `text` from its beginning;
    those with exactly that word come first. Columns of the student, with year level and tutor."""
    sought = words(text)
    if not sought:
        return []
    school_id = actor.organisation_id
    statement = _on_roll(school_id).where(*[_has_word(school_id, word) for word in sought])
    exact = exists(_words(school_id).where(NameWord.word == sought[0]))
    return db.session.execute(statement.order_by(exact.desc(), Student.sort_key, Student.id).limit(MOST_FOUND)).all()


def roll_as_of(school_id: int) -> datetime | None:
    """Of what moment the newest roll of this school is; nothing where none was ever told."""
    of_roll = (Enrolment.school_id == school_id, Enrolment.source == EnrolmentSource.ROLL)
    return db.session.scalar(select(func.max(Enrolment.as_of)).where(*of_roll))


def student_with_caregiver(actor: Actor, public_id: str) -> AnyRow | None:
    """One student of the actor's school's roll, or None; with the caregiver that the actor's school named last."""
    return db.session.execute(with_caregiver(actor, public_id)).first()


def with_caregiver(actor: Actor, public_id: str) -> AnySelect:
    """What asks for them: the caregiver in the words that the school used (`caregivers_given_by`)."""
    named = (Caregiver.student_id == Student.id, Caregiver.given_by_id == actor.organisation_id, is_not_given_up())
    last = select(func.max(Caregiver.id)).where(*named).correlate(Student).scalar_subquery()
    statement: AnySelect = (
        _on_roll(actor.organisation_id)
        .add_columns(*(words.label(f"caregiver_{words.key}") for words in _OWN_WORDS))
        .outerjoin(Caregiver, Caregiver.id == last)
        .outerjoin(FormerCaregiver, _FIRST)
    )
    return statement.where(Student.public_id == public_id)


def student_numbered(number: str) -> Student | None:
    """Whose national student number it is, at any school: for who adds a student, not to be shown (REQ-10). Of a record that
    went into another one, the other."""
    found = db.session.scalar(select(Student).where(Student.national_number == number))
    return db.session.get(Student, found.merged_into_id) if found and found.merged_into_id else found


def caregivers_given_by(organisation_id: int, student_id: int) -> Sequence[AnyRow]:
    """The caregivers this organisation itself has named, oldest first, in the words it named them with. What others found
    out since, and that they have ended a caregiver, is theirs: a school that asks again gets its own form from what it
    said itself (CASE-10; contact details found by others are shared by whoever found them). Whom it has ended itself it names no more."""
    statement = (
        select(Caregiver.id, *_OWN_WORDS)
        .outerjoin(FormerCaregiver, _FIRST)
        .where(Caregiver.student_id == student_id, Caregiver.given_by_id == organisation_id, is_not_given_up())
    )
    return db.session.execute(statement.order_by(Caregiver.id)).all()


def is_not_given_up() -> ColumnElement[bool]:
    """A clause on Caregiver: whoever named them has not ended them themselves, which is when they changed them last."""
    changed_at = func.coalesce(Caregiver.changed_at, Caregiver.added_at)
    return or_(Caregiver.ended_at.is_(None), Caregiver.ended_at != changed_at)


def caregivers_of(student_id: int) -> Sequence[Caregiver]:
    """Everybody who was named as looking after this student, and is not ended; who may see them is asked of the case."""
    statement = select(Caregiver).where(Caregiver.student_id == student_id, Caregiver.ended_at.is_(None))
    return db.session.scalars(statement.order_by(Caregiver.id)).all()


def named_caregivers(student_id: int, public_id: str = "") -> Sequence[AnyRow]:
    """Everybody who was named, also those who are no more; with which organisation named them, and who changed what is
    recorded last. Or the one with this public id. Who may see them is asked of the case."""
    statement = (
        select(*Caregiver.__table__.c, Organisation.name.label("named_by"), Person.name.label("changed_by"))
        .join(Organisation, Organisation.id == Caregiver.given_by_id)
        .outerjoin(Person, Person.id == Caregiver.changed_by_id)
        .where(Caregiver.student_id == student_id)
        .order_by(Caregiver.id)
    )
    if public_id:
        statement = statement.where(Caregiver.public_id == public_id)
    return db.session.execute(statement).all()


def caregiver_to_change(caregiver_id: int) -> Caregiver:
    """The entity as it stands now, locked until the end of the transaction; with the student, whose whānau it decides about."""
    found = select(Caregiver).join(Student, Student.id == Caregiver.student_id).where(Caregiver.id == caregiver_id)
    statement = found.with_for_update(of=(Student, Caregiver), key_share=True)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def hold_student(student_id: int) -> None:
    """Until the end of this transaction nobody else starts a draft or a case for this student: the second waits."""
    db.session.execute(select(Student.id).where(Student.id == student_id).with_for_update(key_share=True))


def is_on_roll(actor: Actor, student_id: int) -> bool:
    """Is the student enrolled at the actor's school today?"""
    here = select(Student.id).where(Student.id == student_id)
    return db.session.scalar(here.where(is_enrolled(actor.organisation_id, student_id))) is not None


def _on_roll(school_id: int) -> Any:
    """Students with their newest enrolment at the school, once however often they are enrolled there. Their address where
    the roll gives it: whom the school added itself may be known from elsewhere (REQ-10)."""
    today = clock.today()
    newest = (
        select(func.max(Enrolment.id))
        .where(
            Enrolment.student_id == Student.id,
            Enrolment.school_id == school_id,
            Enrolment.from_on <= today,
            or_(Enrolment.to_on.is_(None), Enrolment.to_on >= today),
        )
        .correlate(Student)
        .scalar_subquery()
    )
    is_its_own = and_(Enrolment.source == EnrolmentSource.ROLL, ~_came_from_elsewhere())
    address = case((is_its_own, Student.address), else_="").label("address")
    is_by_hand = (Enrolment.source == EnrolmentSource.PERSON).label("is_by_hand")
    columns = (*ON_ROLL, address, Enrolment.year_level, Enrolment.tutor, is_by_hand)
    here = and_(Enrolment.student_id == Student.id, Enrolment.school_id == school_id)
    return select(*columns).join(Enrolment, here).where(Enrolment.id == newest)


def _came_from_elsewhere() -> ColumnElement[bool]:
    """A clause on Enrolment: another school's roll named the student before, so the record came with that one."""
    before = (Earlier.student_id == Enrolment.student_id, Earlier.id < Enrolment.id)
    return exists().where(*before, Earlier.school_id != Enrolment.school_id, Earlier.source == EnrolmentSource.ROLL)


def _has_word(organisation_id: int, word: str) -> ColumnElement[bool]:
    low, high = prefix_bounds(word)
    beginning = and_(NameWord.word >= low, NameWord.word < high)
    return exists(_words(organisation_id).where(beginning))


def _words(organisation_id: int) -> Any:
    """What this organisation finds the student by."""
    return select(NameWord.word).where(NameWord.student_id == Student.id, NameWord.organisation_id == organisation_id)
