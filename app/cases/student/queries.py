"""The siblings and enrolments of a case's student, as far as somebody may know of them; and schools by name or number."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, exists, or_, select

from app.cases.arrivals.rules import RECORDED
from app.cases.models import Case, Status
from app.cases.queries import case_for
from app.cases.search.policy import findable, opens
from app.cases.timeline import OfCase
from app.cases.transfers.models import Transfer
from app.cases.transfers.queries import WAITS
from app.core import clock
from app.core.db import AnyRow, Base, db
from app.core.events import Audit
from app.core.text import words
from app.people.models import Kind, Organisation, Person
from app.people.queries import Actor
from app.students.models import Enrolment, EnrolmentSource, Student
from app.students.particulars.queries import enrolments_of
from app.students.queries import is_not_over
from app.students.siblings.models import Sibling

MOST_SCHOOLS = 25


@dataclass(frozen=True)
class SiblingOfCase(OfCase):
    """A link between the student of a case that this person may see and another one."""

    sibling: Sibling


@dataclass(frozen=True)
class Enrolments:
    """Those that an organisation knows of, the latest first; `ours`: the ids of those elsewhere that it recorded itself, and may
    take back."""

    known: Sequence[AnyRow]
    ours: Collection[int]


@dataclass(frozen=True)
class EnrolmentOfCase(OfCase):
    """An enrolment elsewhere of the student of a case that this person may see."""

    enrolment: Enrolment
    school_name: str
    school_number: str
    recorded_by: str
    transfer_waits: bool
    """Perhaps because of it."""


def siblings_of(actor: Actor, student_id: int) -> list[AnyRow]:
    """Each sibling that the actor's organisation has linked and whose case they may know of, with their case: the open one, else
    the last. Of others nothing is said, and of no one's caregivers. Who said so was told about one of the two: it is for
    whoever wrote it, and for those who may open the other case as well."""
    other = case((Sibling.student_id == student_id, Sibling.other_id), else_=Sibling.student_id)
    source = case((or_(opens(actor), Sibling.added_by_id == actor.person_id), Sibling.source)).label("source")
    statement = (
        select(
            *(Sibling.public_id, source, Sibling.added_at, Person.name.label("added_by")),
            *(Student.id, Student.legal_name, Student.preferred_name, Student.born_on),
            *(Case.number, case((opens(actor), Case.status)).label("status"), opens(actor).label("opens")),
        )
        .join(Person, Person.id == Sibling.added_by_id)
        .join(Student, Student.id == other)
        .join(Case, Case.student_id == Student.id)
        .where(or_(Sibling.student_id == student_id, Sibling.other_id == student_id))
        .where(Sibling.organisation_id == actor.organisation_id, Sibling.ended_at.is_(None), findable(actor))
        .order_by(Student.born_on, Student.id, Case.status == Status.CLOSED, Case.id.desc())
    )
    found: dict[int, AnyRow] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.id, row)
    return list(found.values())


def sibling_for(actor: Actor, number: str, public_id: str) -> SiblingOfCase | None:
    """One link of the student of a case that this person may see, made by their organisation."""
    if (head := case_for(actor, number)) is None:
        return None
    is_theirs = or_(Sibling.student_id == head.student_id, Sibling.other_id == head.student_id)
    here = (Sibling.public_id == public_id, Sibling.organisation_id == actor.organisation_id)
    sibling = db.session.scalar(select(Sibling).where(is_theirs, *here))
    return SiblingOfCase(head, sibling) if sibling else None


def enrolments_known(actor: Actor, student_id: int) -> Enrolments:
    """To a service every enrolment; to a school its own, and those elsewhere that its own people recorded (CAL-5)."""
    every, here = enrolments_of(student_id), actor.organisation_id
    elsewhere = any(each.source is EnrolmentSource.PERSON and each.school_id != here for each in every)
    recorded = set(db.session.scalars(_recorded_by(actor, student_id))) if elsewhere else set()
    if actor.organisation_kind is Kind.SCHOOL:
        every = [each for each in every if each.school_id == here or each.id in recorded]
    return Enrolments(every, {each.id for each in every if each.id in recorded and _is_by_hand(each, here)})


def enrolment_for(actor: Actor, number: str, school: str) -> EnrolmentOfCase | None:
    """An enrolment of the student of a case that this person may see, at the school of this number, as their organisation recorded
    it: it is not over, and no roll has told of it since."""
    if (head := case_for(actor, number)) is None:
        return None
    there = (Enrolment.student_id == head.student_id, Organisation.number == school, Organisation.kind == Kind.SCHOOL)
    by_hand = (Enrolment.source == EnrolmentSource.PERSON, Enrolment.school_id != actor.organisation_id, is_not_over())
    transfer = exists().where(Transfer.case_id == head.id, WAITS)
    statement = (
        select(Enrolment, Organisation.name, Organisation.number, Person.name, transfer)
        .join(Organisation, Organisation.id == Enrolment.school_id)
        .join(Person, Person.id == Enrolment.recorded_by_id)
        .where(*there, *by_hand, Enrolment.id.in_(_recorded_by(actor, head.student_id)))
    )
    row = db.session.execute(statement).first()
    return EnrolmentOfCase(head, *row) if row else None


def rests_on() -> ColumnElement[bool]:
    """A clause on Enrolment: its school has asked for support for the student, has begun to, or has done something on a case of
    theirs."""
    requests = Base.metadata.tables["referral"].c
    asked = exists().where(requests.student_id == Enrolment.student_id, requests.school_id == Enrolment.school_id)
    theirs = select(Case.id).where(Case.student_id == Enrolment.student_id).correlate(Enrolment)
    acted = exists().where(Audit.case_id.in_(theirs), Audit.organisation_id == Enrolment.school_id)
    return or_(asked, acted)


def has_rest(enrolment: Enrolment) -> bool:
    """May it no more be taken back, because something rests on it?"""
    return db.session.scalar(select(Enrolment.id).where(Enrolment.id == enrolment.id, rests_on())) is not None


def _recorded_by(actor: Actor, student_id: int) -> Any:
    """The ids of enrolments that the actor's organisation recorded on a case of the student."""
    cases = select(Case.id).where(Case.student_id == student_id)
    by_it = (Audit.event == RECORDED, Audit.organisation_id == actor.organisation_id, Audit.case_id.in_(cases))
    return select(Audit.thing_id).where(*by_it)


def _is_by_hand(row: AnyRow, here: int) -> bool:
    is_elsewhere = row.source is EnrolmentSource.PERSON and row.school_id != here
    return is_elsewhere and (row.to_on is None or row.to_on >= clock.today())


def schools_found(text: str) -> Sequence[AnyRow]:
    """Up to 25 schools whose name holds every word of `text` from its beginning, or that have this number."""
    sought = words(text)
    schools = select(Organisation.id, Organisation.number, Organisation.name).where(Organisation.kind == Kind.SCHOOL)
    rows = db.session.execute(schools.order_by(Organisation.name, Organisation.id)) if sought else ()
    return [row for row in rows if _is_called(row, sought)][:MOST_SCHOOLS]


def school_numbered(number: str) -> Organisation | None:
    is_it = (Organisation.kind == Kind.SCHOOL, Organisation.number == number)
    return db.session.scalar(select(Organisation).where(*is_it))


def is_enrolled_there(student_id: int, school_id: int) -> bool:
    """Now or from a day that is still to come."""
    there = (Enrolment.student_id == student_id, Enrolment.school_id == school_id, is_not_over())
    return db.session.scalar(select(Enrolment.id).where(*there).limit(1)) is not None


def _is_called(row: AnyRow, sought: Sequence[str]) -> bool:
    name = words(row.name)
    return sought == (row.number,) or all(any(word.startswith(each) for word in name) for each in sought)
