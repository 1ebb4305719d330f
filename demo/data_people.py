"""The organisations of the demonstration, and its people in the roles that their sign-in will confirm."""

from dataclasses import dataclass

from app.core import clock
from app.core.db import db
from app.core.text import words
from app.people.actions import add_person, end_role, take_claimed_roles
from app.people.models import Catchment, Kind, Organisation, Person, RegionalOffice, Role, RoleHeld, School
from app.people.queries import Actor, roles_of
from demo.people import ORGANISATIONS, PEOPLE

KINDS = {"9": Kind.SCHOOL, "S": Kind.SERVICE, "M": Kind.MINISTRY}
CATCHMENTS = (("Te Awa", "WGN", "S01", ("9001", "9002")), ("Kōwhai Bay", "TKI", "S02", ("9003",)))
"""Name, region, service, schools."""
PROVISIONS = {"9003": "S03"}
"""School and its in-school provision: it chooses which service it asks (REQ-6)."""
HAS_LEFT = "demo-wiremu-left-already"
REGIONS = {school: region for _, region, _, schools in CATCHMENTS for school in schools}
OFFICES = {
    "WGN": {"name": "Wellington regional office", "phone": "04 555 0180", "email": "wellington@regions.example"},
    "TKI": {"name": "Taranaki regional office", "phone": "06 555 0181", "email": "taranaki@regions.example"},
}
SERVICES = {school: service for _, _, service, schools in CATCHMENTS for school in schools}


@dataclass(frozen=True)
class Cast:
    """Who there is to act: people by name and role, and the organisations by number."""

    organisations: dict[str, Organisation]
    actors: dict[tuple[str, Role], Actor]

    def actor(self, name: str, role: Role) -> Actor:
        return self.actors[name, role]

    def school_people(self, number: str) -> list[Actor]:
        """Those at a school who may send a request or be its contact."""
        school = self.organisations[number]
        here = [actor for actor in self.actors.values() if actor.organisation_id == school.id]
        return [actor for actor in here if actor.role is not Role.DELEGATED_AUTHORISER]


def add_organisations() -> dict[str, Organisation]:
    """With phones that nobody has, and the catchments that lead a school's requests to a service."""
    made = {
        number: Organisation(
            kind=KINDS[number[0]], number=number, name=name, phone=f"04 555 01{ninety:02}", email=_office(name)
        )
        for ninety, (number, name) in enumerate(ORGANISATIONS.items(), 90)
    }
    db.session.add_all(made.values())
    db.session.flush()
    for name, region, service, schools in CATCHMENTS:
        catchment = Catchment(name=name, region=region, service_id=made[service].id)
        db.session.add(catchment)
        db.session.flush()
        for number in schools:
            provision = made[PROVISIONS[number]].id if number in PROVISIONS else None
            school = School(organisation_id=made[number].id, catchment_id=catchment.id, provision_id=provision)
            db.session.add(school)
    db.session.add_all(RegionalOffice(region=region, **office) for region, office in OFFICES.items())
    return made


def add_people(organisations: dict[str, Organisation]) -> Cast:
    """Everyone with a role, bound to no sign-in yet: the first one finds them by e-mail."""
    cast = Cast(organisations, {})
    for number, listed in enumerate(person for person in PEOPLE if person.roles):
        person = add_person(name=listed.name, email=listed.email, phone=f"027 555 01{number:02}")
        take_claimed_roles(person, [(organisations[place], Role(role)) for place, role in listed.roles])
        if listed.subject == HAS_LEFT:
            _end(person)
        for held in roles_of(person.id):
            cast.actors[person.name, held.role] = _actor(person, held)
    return cast


def _office(name: str) -> str:
    """The address of an office that there is not: office@tawa-awa-college.example."""
    return f"office@{'-'.join(words(name))}.example"


def _end(person: Person) -> None:
    """Has left; what they were stays known."""
    for held in roles_of(person.id):
        end_role(held, by=None)
    person.ended_at = clock.now()


def _actor(person: Person, held: RoleHeld) -> Actor:
    place = held.organisation
    return Actor(
        person_id=person.id,
        public_id=person.public_id,
        name=person.name,
        email=person.email,
        role=held.role,
        role_held_id=held.id,
        organisation_id=place.id,
        organisation_name=place.name,
        organisation_kind=place.kind,
    )
