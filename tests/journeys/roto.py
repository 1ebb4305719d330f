"""Roto: a school and its service that no demonstration has. Journeys make themselves cases there, so none is in another's way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from sqlalchemy import select

from app import create_app
from app.cases.models import Case
from app.core.db import begin_write, db
from app.people.actions import add_person, take_claimed_roles
from app.people.models import Organisation, Person, Role
from app.people.queries import Actor, roles_of
from app.settings import Settings
from demo.data_people import _actor as actor_of
from tests import make
from tests.support.portals import OF_ROTO, ROTO, ROTO_COLLEGE, Portal
from tests.support.settings import closed

LEAD, SECOND_LEAD, TALIA, NIKAU, IHAIA, FETU = (person.name for person in OF_ROTO)
GIVEN, FAMILY = ("Manaia", "Tui", "Kiri", "Rangi", "Leilani"), ("Paerata", "Smith-Rua", "Fono", "Āwhina", "Li", "Hāpai")
_numbers = count()


@dataclass(frozen=True)
class Roto:
    """Its people by name, and what can be made there."""

    college: Organisation
    people: dict[str, Actor]

    def case(self, manager: str = "", **answers: str) -> Case:
        """Of a new student; with this case manager, or in the queue. Fetu asked, and is its contact."""
        place = next(_numbers)
        name = f"{GIVEN[place % len(GIVEN)]} {FAMILY[place % len(FAMILY)]}"
        return self.named(name, date(2010, 3, 1) + timedelta(days=3 * place), manager, **answers)

    def named(self, name: str, born_on: date, manager: str = "", **answers: str) -> Case:
        """Of a student of this name."""
        pupil = make.student(name, self.college, born_on=born_on)
        case = make.submitted(self.people[FETU], pupil, contact=self.people[FETU], **answers)
        return make.assigned(case, to=self.people[manager], by=self.people[LEAD]) if manager else case


@contextmanager
def at_roto(portal: Portal) -> Iterator[Roto]:
    """Behind the pages of a running portal: what is made within is there afterwards."""
    with closed(create_app(Settings.from_env(portal.environment))) as app, app.app_context():
        begin_write()
        yield _roto()
        db.session.commit()


def cases_at_roto(portal: Portal, *managers: str) -> Sequence[str]:
    """The numbers of as many new cases, each with its case manager; "" stands for the queue."""
    with at_roto(portal) as roto:
        made = [roto.case(manager) for manager in managers]
        return [case.number for case in made]


def _roto() -> Roto:
    college = db.session.scalar(select(Organisation).where(Organisation.number == ROTO_COLLEGE)) or _founded()
    known = db.session.scalars(select(Person).where(Person.email.in_([person.email for person in OF_ROTO])))
    return Roto(college, {person.name: actor_of(person, roles_of(person.id)[0]) for person in known})


def _founded() -> Organisation:
    service = make._organisation(ROTO, "Roto Attendance Service")
    college = make.school(ROTO_COLLEGE, "Roto College", make.catchment("Roto", "WGN", service))
    for person in OF_ROTO:
        ((number, role),) = person.roles
        there = service if number == ROTO else college
        take_claimed_roles(add_person(name=person.name, email=person.email, phone="04 555 0188"), [(there, Role(role))])
    return college
