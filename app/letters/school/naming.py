"""Whom a school named as looking after a student, in its own words; and who signs its letters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.models import Letterhead
from app.people.models import Person
from app.people.queries import Actor
from app.people.rules import LABELS
from app.students.caregivers.queries import until_others_changed
from app.students.models import Caregiver, FormerCaregiver, Tried
from app.students.particulars.queries import recorded_of_each
from app.students.queries import is_not_given_up
from app.students.rules import FIELDS


@dataclass(frozen=True)
class KnownCaregiver:
    """A caregiver in this school's own words: as it had them until another organisation changed what is recorded."""

    entity: Caregiver
    words: Caregiver | FormerCaregiver

    def __getattr__(self, name: str) -> Any:
        return getattr(self.words if name in FIELDS else self.entity, name)

    @property
    def is_shared(self) -> bool:
        """Somebody else has changed it: this school's words stay as they are, and are changed no more."""
        return self.words is not self.entity

    @property
    def is_to_be_asked_about(self) -> bool:
        """Others know something that letters must wait for."""
        is_refused = self.entity.may_be_contacted is False or self.entity.has_responsibility is False
        return self._is_ended_by_others or (self.is_shared and (is_refused or self._is_elsewhere))

    @property
    def _is_ended_by_others(self) -> bool:
        return self.entity.ended_at is not None and self.entity.ended_at != self.entity.changed_at

    @property
    def is_email_elsewhere(self) -> bool:
        """Others have another e-mail address or another choice of theirs, or it is known that this address is wrong."""
        there, here = ((row.email, row.letters_by) for row in (self.entity, self.words))
        return self.is_shared and (there != here or self.entity.email_state is Tried.NOT_CURRENT)

    @property
    def _is_elsewhere(self) -> bool:
        """Others have another address of theirs, or know that this one is wrong: it may be the home that somebody fled."""
        there, here = ((row.address, row.lives_with_student) for row in (self.entity, self.words))
        return there != here or self.entity.address_state is Tried.NOT_CURRENT


@dataclass(frozen=True)
class Writer:
    """Who signs: whoever asks for the letter."""

    person_id: int
    name: str
    role: str
    phone: str
    email: str


def writer_of(actor: Actor) -> Writer:
    """As they are reached today."""
    person = select(Person.name, Person.phone, Person.email).where(Person.id == actor.person_id)
    row = db.session.execute(person).one()
    return Writer(actor.person_id, row.name, LABELS[actor.role].capitalize(), row.phone, row.email)


def in_brief(actor: Actor) -> Writer:
    """The same without asking for the phone: for whether a letter is ready."""
    return Writer(actor.person_id, actor.name, LABELS[actor.role].capitalize(), "", actor.email)


def known(row: AnyRow) -> KnownCaregiver:
    return KnownCaregiver(row.Caregiver, row.FormerCaregiver or row.Caregiver)


def named_by_school(student_id: int, school_id: int) -> Sequence[AnyRow]:
    """Everybody whom this school named, each with what is on its desk, and with what was recorded until somebody else changed
    it; one statement."""
    return named_of_each([student_id], school_id)


def named_of_each(student_ids: Collection[int], school_id: int) -> Sequence[AnyRow]:
    """The same of several students."""
    heading = (Letterhead.name_mi, Letterhead.address, Letterhead.phone, Letterhead.email, Letterhead.changed_at)
    statement = (
        select(Caregiver, FormerCaregiver, *heading, Letterhead.colour, StoredFile.kept_sha256.label("logo"))
        .outerjoin(FormerCaregiver, until_others_changed(school_id))
        .outerjoin(Letterhead, Letterhead.organisation_id == school_id)
        .outerjoin(StoredFile, StoredFile.id == Letterhead.logo_id)
        .where(Caregiver.student_id.in_(student_ids), Caregiver.given_by_id == school_id, is_not_given_up())
    )
    return db.session.execute(statement.order_by(Caregiver.id)).all()


def home_of(student_id: int, school_id: int, rows: Sequence[AnyRow]) -> str:
    """The student's address as the school has it; asked only where somebody is written to there."""
    return homes_of(school_id, rows).get(student_id, "")


def homes_of(school_id: int, rows: Sequence[AnyRow]) -> dict[int, str]:
    """The same of several students, by their ids."""
    asked = {each.student_id for each in map(known, rows) if each.lives_with_student and not each.address}
    return {student: found.known_to(school_id).address for student, found in recorded_of_each(asked).items()}
