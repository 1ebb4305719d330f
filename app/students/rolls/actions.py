"""A roll names many students whom nobody knew (CAL-5): a few statements, whatever the school."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, update

from app.core.db import db
from app.core.security import public_id
from app.core.text import index_words, nfc
from app.students.actions import sort_key
from app.students.models import Enrolment, EnrolmentSource, EnrolmentType, NameWord, Student

AT_ONCE = 500


@dataclass(frozen=True)
class OnRoll:
    """A student whom nobody knew."""

    legal_name: str
    preferred_name: str
    born_on: date
    national_number: str | None
    enrolled: dict[str, object]
    """What the roll says of the enrolment itself, by the names of its columns."""

    @property
    def words(self) -> set[str]:
        return {word for name in (self.legal_name, self.preferred_name) for word in index_words(name)}


def add_on_roll(told: Sequence[OnRoll], school_id: int, as_of: datetime) -> list[int]:
    """Students with their enrolments, whose ids are given back; found at the school by their names. Nobody has their national
    numbers."""
    if not told:
        return []
    students = [_student(each) for each in told]
    made = insert(Student).returning(Student.id, sort_by_parameter_order=True)
    ids = db.session.scalars(made, students).all()
    of_roll = {"school_id": school_id, "source": EnrolmentSource.ROLL, "as_of": as_of}
    usual = {"type": EnrolmentType.REGULAR, "is_main": True, "to_on": None, "tutor": "", "local_id": ""}
    enrolments = [{"student_id": of, **of_roll, **usual, **each.enrolled} for of, each in zip(ids, told, strict=True)]
    added = insert(Enrolment).returning(Enrolment.id, sort_by_parameter_order=True)
    enrolment_ids = list(db.session.scalars(added, enrolments))
    words = [
        {"organisation_id": school_id, "word": word, "student_id": of}
        for of, each in zip(ids, told, strict=True)
        for word in each.words
    ]
    db.session.execute(insert(NameWord), words)
    return enrolment_ids


def confirm(enrolment_ids: Iterable[int], as_of: datetime) -> None:
    """A later roll says the same; since when it is known stays."""
    since = func.coalesce(Enrolment.known_at, Enrolment.as_of)
    for some in _bites(enrolment_ids):
        said = update(Enrolment).where(Enrolment.id.in_(some))
        db.session.execute(said.values(as_of=as_of, known_at=since), execution_options={"synchronize_session": False})


def end_on(enrolment_ids: Iterable[int], on: date, as_of: datetime) -> None:
    """A later roll does not name them: this was their last day, or the one that they were to begin on."""
    since = func.coalesce(Enrolment.known_at, Enrolment.as_of)
    for some in _bites(enrolment_ids):
        begun = update(Enrolment).where(Enrolment.id.in_(some), Enrolment.from_on <= on)
        later = update(Enrolment).where(Enrolment.id.in_(some), Enrolment.from_on > on)
        for statement, last in ((begun, on), (later, Enrolment.from_on)):
            values = {"to_on": last, "as_of": as_of, "known_at": since}
            db.session.execute(statement.values(values), execution_options={"synchronize_session": False})


def _student(told: OnRoll) -> dict[str, object]:
    return {
        "public_id": public_id(),
        "legal_name": nfc(told.legal_name),
        "preferred_name": nfc(told.preferred_name),
        "sort_key": sort_key(told.legal_name),
        "born_on": told.born_on,
        "national_number": told.national_number,
    }


def _bites(ids: Iterable[int]) -> Iterable[Sequence[int]]:
    every = list(ids)
    return (every[begin : begin + AT_ONCE] for begin in range(0, len(every), AT_ONCE))
